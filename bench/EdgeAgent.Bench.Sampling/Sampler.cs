using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Bench.Sampling;

/// <summary>The product's.</summary>
internal sealed class Sampler(int count, TimeSpan interval, TimeSpan? fast = null, bool isSpread = false, bool hasPulses = false) : ILoad, ISensorSource
{
    private readonly AgentMetrics _metrics = new();
    private SamplingService? _service;
    private PulseInput? _pulses;

    public ProbeSensor? Fast { get; } = fast is null ? null : new ProbeSensor(Measurement.MostInstants, fast.Value);

    public ReadingSource Kind => ReadingSource.Kernel;

    public IEnumerable<SensorPlan> Sensors
    {
        get
        {
            var phase = new SamplingPhase(isSpread ? PhaseKind.Spread : PhaseKind.Aligned);
            for (int i = 0; i < count; i++)
            {
                // Ten buses of five sensors each.
                yield return new SensorPlan(new ProbeSensor(), new SensorOptions { Series = $"s{i}", Interval = interval, Phase = phase }, $"bus-{i % 10}");
            }
            if (Fast is not null)
            {
                yield return new SensorPlan(Fast, new SensorOptions { Series = "fast", Interval = fast!.Value }, "fast");
            }
        }
    }

    public void Start(ReadingChannel channel)
    {
        TimeProvider time = TimeProvider.System;
        var clock = new AgentClock(
            new ClockOptions { Trust = ClockTrust.Always }, new KernelClock(time), new ClockFile("/nowhere/clock"), DateTimeOffset.UnixEpoch,
            NullLogger<AgentClock>.Instance);
        var catalog = new SeriesCatalog();
        _pulses = hasPulses ? new PulseInput(catalog, channel, _metrics, clock, time) : null;
        _pulses?.Start();
        _service = new SamplingService(_pulses is null ? [this] : [this, _pulses.Lines], new AgentConfiguration(), catalog, channel, _metrics, clock, time, new Heartbeats(time), NullLogger<SamplingService>.Instance);
        _service.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _service!.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        _service.Dispose();
        _pulses?.Dispose();
        if (_metrics.PollsLate.Sum > 0)
        {
            Console.WriteLine($"  {_metrics.PollsLate.Sum} polls were missed");
        }
        _metrics.Dispose();
    }
}
