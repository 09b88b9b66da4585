using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>All lines that the configuration names, each with its mode: what the reader turns, what the sampler reads, what can be set.</summary>
internal sealed class GpioLines : ISensorSource, IOutputs
{
    private readonly List<SensorPlan> _sensors = [];
    private readonly Dictionary<string, LineConnection> _outputs = new(StringComparer.Ordinal);

    public GpioLines(
        AgentConfiguration configuration, CounterMemory counters, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock,
        TimeProvider time, ILogger<LineConnection> logger)
    {
        var kernel = new KernelGpio(configuration.Device.Hardware);
        SimulatedGpio simulated = SimulatedGpio.Of(configuration.GpioLines, time);
        var readers = new List<LineReader>();
        foreach (IGrouping<ChipSelector?, GpioLineOptions> chip in configuration.GpioLines.GroupBy(line => line.Address.Chip))
        {
            IGpioDevices devices = chip.Key == ChipSelector.Simulated ? simulated : kernel;
            readers.Add(new LineReader([.. chip.Select(Connect)], devices));

            LineConnection Connect(GpioLineOptions line)
            {
                PushedSeries Pushed(TimeSpan repeated = default) => new(line.Sampling, configuration.Device.Labels, catalog, channel, metrics, repeated);
                ILineMode mode = line.Mode switch
                {
                    GpioMode.Level => new LevelLine(Pushed(line.Sampling.Interval), line.Sampling.Interval),
                    GpioMode.Edges => new EdgeLine(Pushed(), line.Edges),
                    GpioMode.Counter => counters.Create(line.Sampling.Series, line.Pulses, line.Edges),
                    GpioMode.Quadrature => new QuadratureDecoder(line.Pulses, metrics),
                    GpioMode.Output => new OutputLine(Pushed(line.Sampling.Interval), line.Sampling.Interval),
                    _ => throw new InvalidOperationException($"There is no mode {line.Mode}."),
                };
                var connection = new LineConnection(line, mode, devices, clock, metrics, time, logger);
                if (mode is ISampledLine sampled)
                {
                    _sensors.Add(new SensorPlan(new LineSensor(connection, sampled, devices), line.Sampling, $"gpio-{chip.Key}"));
                }
                if (line.Mode == GpioMode.Output)
                {
                    _outputs.Add(line.Sampling.Series, connection);
                }
                return connection;
            }
        }
        Readers = readers;
    }

    /// <summary>One for each chip.</summary>
    public IReadOnlyList<LineReader> Readers { get; }

    ReadingSource ISensorSource.Kind => ReadingSource.Gpio;

    IEnumerable<SensorPlan> ISensorSource.Sensors => _sensors;

    public OutputOutcome TrySet(string series, bool value) =>
        _outputs.TryGetValue(series, out LineConnection? output) ? output.Set(value) : OutputOutcome.Unknown;
}
