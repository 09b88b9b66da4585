using System.Threading.Tasks.Sources;

namespace EdgeAgent.Mqtt.Io;

/// <summary>
/// Wakes one waiting loop. Setting it twice before the loop looks is the same as setting it once, so the loop must look at everything
/// whenever it wakes. Any number of threads set, exactly one waits. Neither allocates.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    // Continuations run on the pool: whoever accepts a ticket must not find itself writing to a socket.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public void Set()
    {
        // A full fence even where the signal is set already: what the setter did before must be visible to a loop that wakes for an older reason.
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Signalled, Idle))
            {
                case Waiting when Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting:
                    _core.SetResult(true);
                    return;
                case Waiting:
                    // Another setter has woken the loop in between; it may be waiting anew.
                    continue;
                default:
                    return;
            }
        }
    }

    public ValueTask WaitAsync()
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref _state, Idle, Signalled) == Signalled)
            {
                return ValueTask.CompletedTask;
            }
            _core.Reset();
            if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            {
                return new ValueTask(this, _core.Version);
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
