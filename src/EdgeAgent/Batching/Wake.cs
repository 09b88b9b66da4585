using System.Threading.Tasks.Sources;

namespace EdgeAgent.Batching;

/// <summary>
/// One waiter, many who wake it: the channel, a timer, a commit that ended. A signal that comes while nobody waits is kept, several
/// of them are one. Reused, so that a reading that arrives alone costs no object.
/// </summary>
internal sealed class Wake : IValueTaskSource
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    // Asynchronous continuations: whoever signals may hold a lock, as a channel's writer does.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public Wake() => Signal = Set;

    /// <summary><see cref="Set"/>, as one object for everybody who takes a callback.</summary>
    public Action Signal { get; }

    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Signalled) == Waiting)
        {
            // The waiter prepared the source before it announced itself, so it is safe to complete. A second signal may have come since:
            // this one serves for both, and the exchange, unlike a plain write, lets the waiter see what that one had to tell.
            Interlocked.Exchange(ref _state, Idle);
            _core.SetResult(true);
        }
    }

    /// <summary>Completes at the next signal, or at once where one has come since the last wait. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _core.Version);
        }
        Interlocked.Exchange(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
