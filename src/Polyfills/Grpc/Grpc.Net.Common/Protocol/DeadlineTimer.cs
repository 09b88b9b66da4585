namespace Grpc.Net.Protocol;

/// <summary>Calls back once when a time has passed; longer times than a timer takes are waited for in turns.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    /// <summary>A timer takes less than 2^32 - 1 ms (about 49.7 days).</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly Action _passed;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;

    public DeadlineTimer(TimeProvider clock, TimeSpan timeout, Action passed)
    {
        _clock = clock;
        _passed = passed;
        _timeout = timeout;
        _start = clock.GetTimestamp();
        // The callback must not run before the field is set, so the timer is started after it.
        _timer = clock.CreateTimer(
            static timer => ((DeadlineTimer)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Wait(timeout);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        TimeSpan rest = _timeout - _clock.GetElapsedTime(_start);
        if (rest > TimeSpan.Zero)
        {
            Wait(rest);
        }
        else
        {
            _passed();
        }
    }

    /// <summary>A timer counts whole milliseconds and cuts off the rest, so one more keeps it from waking up early.</summary>
    private void Wait(TimeSpan rest) => _timer.Change(
        rest < LongestWait ? rest + TimeSpan.FromMilliseconds(1) : LongestWait, Timeout.InfiniteTimeSpan);
}
