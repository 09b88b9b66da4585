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

    public PreciseLane(string group, SamplingTimeline timeline, IPreciseWait wait, CancellationToken stopping)
    {
        (_wait, Stopping, Schedule) = (wait, stopping, new SamplingSchedule(timeline));
        _thread = new Thread(Run) { IsBackground = true, Name = $"sampling {group}" };
    }

    public SamplingSchedule Schedule { get; }

    public CancellationToken Stopping { get; }

    public void Start() => _thread.Start();

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

    /// <summary>After <see cref="Stopping"/>. A thread that hangs in a transfer keeps what it waits with, and ends with the process.</summary>
    public void Dispose()
    {
        _wait.Wake();
        if (!_thread.IsAlive || _thread.Join(Patience))
        {
            _wait.Dispose();
        }
    }

    private void Run()
    {
        while (!Stopping.IsCancellationRequested)
        {
            if (Schedule.TryTake(out SampledSensor? sensor))
            {
                sensor.Begin();
            }
            else
            {
                _wait.Until(Schedule.NextDue(out bool isAnyAtWork), isAnyAtWork);
            }
        }
    }
}
