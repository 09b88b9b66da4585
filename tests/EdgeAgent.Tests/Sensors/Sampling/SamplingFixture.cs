using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Sensors.Sampling;

/// <summary>The real sampler over hardware that does what a test says, and clocks that the test owns: it is 12:00:00.</summary>
internal sealed class SamplingFixture : IDisposable
{
    private readonly List<SensorPlan> _plans = [];
    private readonly LoggerFactory _loggers = new();

    public SamplingFixture(bool isTimeKnown = true)
    {
        Machine = new TestMachine(Time) { Sync = new KernelSync(isTimeKnown ? KernelSyncState.Synchronized : KernelSyncState.Unsynchronized) };
        Clock = TestClocks.Of(Machine, "/nowhere/clock");
        _loggers.AddProvider(Log);
    }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public TestMachine Machine { get; }

    public AgentClock Clock { get; }

    public AgentMetrics Metrics { get; } = new();

    public SeriesCatalog Catalog { get; init; } = new();

    public ReadingChannel Channel { get; init; } = new();

    public Heartbeats Hearts { get => field ??= new Heartbeats(Time); init; }

    public RecordingLog Log { get; } = new();

    public SamplingService? Service { get; private set; }

    public ScriptedSensor Add(string series, TimeSpan interval, string group = "bus", SamplingPhase phase = default)
    {
        var sensor = new ScriptedSensor(Time);
        _plans.Add(new SensorPlan(sensor, new SensorOptions { Series = series, Interval = interval, Phase = phase }, group));
        return sensor;
    }

    public void Start(AgentConfiguration? configuration = null)
    {
        Service = new SamplingService(
            [new OneGroup(ReadingSource.Kernel, [.. _plans])], configuration ?? new AgentConfiguration(), Catalog, Channel, Metrics, Clock, Time,
            Hearts, _loggers.CreateLogger<SamplingService>());
        Assert.True(Service.StartAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    /// <summary>In steps of a millisecond.</summary>
    public void Advance(TimeSpan by)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < by; passed += TimeSpan.FromMilliseconds(1))
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    public IReadOnlyList<Reading> Readings()
    {
        var readings = new List<Reading>();
        while (Channel.Reader.TryRead(out Reading reading))
        {
            readings.Add(reading);
        }
        return readings;
    }

    public void Dispose()
    {
        Service?.Dispose();
        Metrics.Dispose();
        _loggers.Dispose();
    }
}
