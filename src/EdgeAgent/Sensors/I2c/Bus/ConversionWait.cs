using System.Threading.Tasks.Sources;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>A wait that is used again and again by one caller, and allocates nothing: one timer, one source of completions.</summary>
internal sealed class ConversionWait : IValueTaskSource
{
    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<bool> _completion;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private int _isWaiting;

    public ConversionWait(TimeProvider time) =>
        _timer = time.CreateTimer(static wait => ((ConversionWait)wait!).End(isCancelled: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>At least about the time given. A wait that was cancelled may end the next one early: ask the clock.</summary>
    public ValueTask WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        _completion.Reset();
        _cancellation = cancellationToken;
        Volatile.Write(ref _isWaiting, 1);
        // Timers count in milliseconds and cut off what is less.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.UnsafeRegister(static wait => ((ConversionWait)wait!).End(isCancelled: true), this);
        return new ValueTask(this, _completion.Version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        _completion.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private void End(bool isCancelled)
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0)
        {
            return;
        }
        if (isCancelled)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _completion.SetException(new OperationCanceledException(_cancellation));
        }
        else
        {
            _completion.SetResult(true);
        }
    }
}
