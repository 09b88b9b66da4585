using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeAgent.Readings;

namespace EdgeAgent.Batching;

/// <summary>
/// Wakes the batcher when the channel has something to read or has ended. At most one wait is out, and it costs no object.
/// </summary>
internal sealed class ChannelWatch(ChannelReader<Reading> reader, Wake wake)
{
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _wait;
    private bool _isOut;

    /// <summary>Nothing is left to read, and nothing will come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>To be called when the channel was found empty: the next reading wakes, also one that came in between.</summary>
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Consumed once: here where it is complete, else in Observe.")]
    public void Arm()
    {
        if (_isOut || HasEnded)
        {
            return;
        }
        _wait = reader.WaitToReadAsync().ConfigureAwait(false).GetAwaiter();
        if (_wait.IsCompleted)
        {
            HasEnded = !_wait.GetResult();
            wake.Set();
            return;
        }
        _isOut = true;
        _wait.UnsafeOnCompleted(wake.Signal);
    }

    /// <summary>To be called after every wake: takes the result of the wait, if it has one.</summary>
    public void Observe()
    {
        if (_isOut && _wait.IsCompleted)
        {
            _isOut = false;
            HasEnded = !_wait.GetResult();
        }
    }
}
