using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Bench.Sampling;

/// <summary>One counter of pulses at 1 kHz, read once a second: the product's reader over a line in memory, whose queue fills as the kernel's does.</summary>
internal sealed class PulseInput : IDisposable
{
    private readonly GpioService _service;

    public PulseInput(SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock, TimeProvider time)
    {
        var configuration = new AgentConfiguration
        {
            GpioLines =
            [
                new GpioLineOptions
                {
                    Address = new LineAddress(ChipSelector.Simulated, [new LineSelector("meter", 0)]),
                    Mode = GpioMode.Counter,
                    Edges = LineFlags.EdgeRising,
                    Pattern = new LinePattern(PatternKind.Square, TimeSpan.FromMilliseconds(1)),
                    Sampling = new SensorOptions { Series = "meter", Interval = TimeSpan.FromSeconds(1) },
                },
            ],
        };
        var counters = new CounterMemory(new CounterFile("/nowhere/counters"), NullLogger<CounterMemory>.Instance);
        Lines = new GpioLines(configuration, counters, catalog, channel, metrics, clock, time, NullLogger<LineConnection>.Instance);
        _service = new GpioService(Lines);
    }

    public GpioLines Lines { get; }

    public void Start() => _service.StartAsync(CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose()
    {
        _service.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        _service.Dispose();
    }
}
