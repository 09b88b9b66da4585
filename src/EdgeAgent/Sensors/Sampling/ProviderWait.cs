namespace EdgeAgent.Sensors.Sampling;

/// <summary>Where the kernel is not Linux's, or the time is a test's: an event and a timer, in whole milliseconds.</summary>
internal sealed class ProviderWait : IPreciseWait
{
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ProviderWait(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static wake => ((AutoResetEvent)wake!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Until(long due, bool isWakeable)
    {
        if (due != long.MaxValue)
        {
            long left = Math.Max(0, due - (_time.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick));
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left / 1e6)), Timeout.InfiniteTimeSpan);
        }
        _wake.WaitOne();
    }

    public void Wake() => _wake.Set();

    public void Dispose()
    {
        _timer.Dispose();
        _wake.Dispose();
    }
}
