using EdgeAgent.Supervision;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// The sensors of one group that are read faster than timers can: a thread that sleeps until the instant, and reads them itself. There is such a thread
/// only where there is such a sensor, and one for each group, so that a bus that hangs delays no other.
/// </summary>
internal sealed class PreciseLane : ISamplingLane, IDisposable
{
    /// <summary>Faster than 50 Hz. Timers count milliseconds and wake two threads; at such a rate both can be felt.</summary>
    public static readonly TimeSpan Below = TimeSpan.FromMilliseconds(20);

    /// <summary>Fifty times what the wait may take to be ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IPreciseWait _wait;
    private readonly Thread _thread;
    private readonly SamplingTimeline _timeline;
    private readonly Heartbeat _heart;
    private bool _isStarted, _isEnding;

    public PreciseLane(string group, SamplingTimeline timeline, IPreciseWait wait, Heartbeat heart, CancellationToken stopping)
    {
        (_timeline, _wait, _heart, Stopping, Schedule) = (timeline, wait, heart, stopping, new SamplingSchedule(timeline));
        _thread = new Thread(Run) { IsBackground = true, Name = $"sampling {group}" };
    }

    public SamplingSchedule Schedule { get; }

    public CancellationToken Stopping { get; }

    /// <summary>Whether the thread is to end: of the agent, or because no sensor is left.</summary>
    private bool IsEnding => Volatile.Read(ref _isEnding) || Stopping.IsCancellationRequested;

    public void Start()
    {
        if (_isStarted)
        {
            _wait.Wake();
            return;
        }
        _isStarted = true;
        _thread.Start();
    }

    /// <summary>A thread that runs may not hear of it within its present sleep: slots that pass meanwhile are not missed, they have not begun.</summary>
    public void Add(SampledSensor sensor) => Schedule.Add(sensor, _isStarted ? Below : TimeSpan.Zero);

    public long Return(SampledSensor sensor, long slots)
    {
        Schedule.Return(sensor, slots, out long missed);
        if (Thread.CurrentThread != _thread)
        {
            // It may sleep towards a later instant than this one is due at.
            _wait.Wake();
        }
        return missed;
    }

    /// <summary>Nothing is begun any more. A thread that hangs in a transfer keeps what it waits with, and ends when it comes back.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _isEnding, true);
        _wait.Wake();
        if (!_thread.IsAlive || _thread.Join(Patience))
        {
            _wait.Dispose();
        }
    }

    private void Run()
    {
        while (!IsEnding)
        {
            if (Schedule.TryTake(out SampledSensor? sensor))
            {
                _heart.Turn();
                sensor.Begin();
            }
            else
            {
                long due = Schedule.NextDue(out bool isAnyAtWork);
                Sleep(due);
                _wait.Until(due, isAnyAtWork);
            }
        }
    }
    private void Sleep(long due)
    {
        if (due == long.MaxValue)
        {
            _heart.Rest();
        }
        else
        {
            _heart.Turn(TimeSpan.FromTicks((due - _timeline.Now) / TimeSpan.NanosecondsPerTick) + SamplingService.Patience);
        }
    }
}
