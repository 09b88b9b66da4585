using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Mqtt;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

/// <summary>A machine with a clock of its own, which starts and ends processes that count what passes the line.</summary>
internal sealed class TrafficRig : IDisposable
{
    /// <summary>Number 3 on disk and on the wire.</summary>
    public const SpoolLane Backlog = SpoolLane.Backlog;

    // In memory where there is such a place: a year's files need no disk.
    private readonly string _file = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"traffic-{Guid.NewGuid():N}");
    private Guid _boot = Guid.NewGuid();
    private AgentMetrics _metrics = new();

    public TrafficRig(string start = "2027-01-01T00:00:00Z") => Time = new ManualTimeProvider(DateTimeOffset.Parse(start));

    public ManualTimeProvider Time { get; private set; }

    public BudgetOptions Options { get; } = new() { Zone = TimeZoneInfo.Utc };

    /// <summary>Whether anybody vouches for the wall clock.</summary>
    public bool IsTimeKnown { get; set; } = true;

    public RecordingLog Log { get; private set; } = new();

    public AgentMetrics Metrics => _metrics;

    public TrafficBudget Budget { get; private set; } = null!;

    /// <summary>A process starts.</summary>
    public TrafficRig Start()
    {
        _metrics.Dispose();
        (_metrics, Log) = (new AgentMetrics(), new RecordingLog());
        Budget = new TrafficBudget(
            Options, new TrafficFile(_file), _boot, () => IsTimeKnown ? Time.GetUtcNow() : null, Time, _metrics, Log);
        return this;
    }

    /// <summary>The machine was off for so long. Its monotonic clock begins anew.</summary>
    public void Reboot(TimeSpan off)
    {
        (_boot, Time) = (Guid.NewGuid(), new ManualTimeProvider(Time.GetUtcNow() + off));
        Start();
    }

    public void Send(long bytes) => _metrics.WireBytesSent.Add(bytes);

    /// <summary>Time goes by, looked at as the agent does.</summary>
    public void Pass(TimeSpan time, TimeSpan step)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            Budget.Count();
        }
    }

    public void Dispose()
    {
        _metrics.Dispose();
        File.Delete(_file);
    }
}
