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
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, due - Now()) / 1e6)), Timeout.InfiniteTimeSpan);
            if (Now() >= due)
            {
                // The clock may have moved between the question and the timer, which counts from where it stands now.
                _wake.Set();
            }
        }
        _wake.WaitOne();
    }

    public void Wake() => _wake.Set();

    public void Dispose()
    {
        _timer.Dispose();
        _wake.Dispose();
    }

    private long Now() => _time.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;
}
