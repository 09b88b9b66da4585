using EdgeAgent.Supervision;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// All sensors that timers are good enough for, with one timer. What is due at nearly the same instant is read in one wake-up; groups do not wait for
/// each other.
/// </summary>
internal sealed class TimerLane : ISamplingLane, IDisposable
{
    private readonly SamplingTimeline _timeline;
    private readonly ITimer _timer;
    private readonly Heartbeat _heart;
    private readonly Lock _arming = new();
    private long _armedFor = long.MaxValue;

    public TimerLane(SamplingTimeline timeline, TimeProvider time, Heartbeat heart, CancellationToken stopping)
    {
        (_timeline, _heart, Stopping, Schedule) = (timeline, heart, stopping, new SamplingSchedule(timeline));
        _timer = time.CreateTimer(static lane => ((TimerLane)lane!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public SamplingSchedule Schedule { get; }

    public CancellationToken Stopping { get; }

    public void Add(SampledSensor sensor) => Schedule.Add(sensor);

    public void Start() => Arm(Schedule.NextDue(out _));

    public long Return(SampledSensor sensor, long slots)
    {
        Arm(Schedule.Return(sensor, slots, out long missed));
        return missed;
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        lock (_arming)
        {
            _armedFor = long.MaxValue;
        }
        SensorGroup? mine = null;
        while (Schedule.TryTake(out SampledSensor? sensor))
        {
            SensorGroup group = sensor.Group;
            if (group.Add(sensor))
            {
                if (mine is not null)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(mine, preferLocal: false);
                }
                mine = group;
            }
        }
        Arm(Schedule.NextDue(out _));
        // The last group needs no other thread to be woken: this one has nothing else to do.
        mine?.Execute();
    }

    private void Arm(long due)
    {
        lock (_arming)
        {
            if (due >= _armedFor)
            {
                if (_armedFor == long.MaxValue)
                {
                    // Whoever returns from work arms it again.
                    _heart.Rest();
                }
                return;
            }
            _armedFor = due;
            // Timers count whole milliseconds and cut the rest: rounded up, or it would fire early and find nothing due.
            double milliseconds = Math.Ceiling(Math.Max(0, due - _timeline.Now) / 1e6);
            var until = TimeSpan.FromMilliseconds(milliseconds);
            _heart.Turn(until + SamplingService.Patience);
            _timer.Change(until, Timeout.InfiniteTimeSpan);
        }
    }
}
