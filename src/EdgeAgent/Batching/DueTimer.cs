namespace EdgeAgent.Batching;

/// <summary>
/// One timer for the earliest of all dues. Where it is set for an earlier instant already it is left alone: to wake once too often is
/// cheaper than to set a timer for each reading.
/// </summary>
internal sealed class DueTimer : IAsyncDisposable
{
    private readonly ITimer _timer;
    private readonly Wake _wake;
    private long _dueTicks = long.MaxValue;

    public DueTimer(TimeProvider time, Wake wake)
    {
        _wake = wake;
        _timer = time.CreateTimer(static timer => ((DueTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes at an instant, or before. <see cref="TimeSpan.MaxValue"/> is never.</summary>
    public void WakeAt(TimeSpan due, TimeSpan now)
    {
        if (due.Ticks < Interlocked.Read(ref _dueTicks))
        {
            Interlocked.Exchange(ref _dueTicks, due.Ticks);
            // Timers count whole milliseconds and cut the rest: rounded up, or it would fire early and find nothing due.
            double milliseconds = Math.Ceiling(Math.Max(0, (due - now).TotalMilliseconds));
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Fire()
    {
        // Before the wake, so that the woken one can set it again.
        Interlocked.Exchange(ref _dueTicks, long.MaxValue);
        _wake.Set();
    }
}
