using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Sensors.Gpio;

/// <summary>The real connection and modes over chips in memory that behave as the kernel's do, and a clock that a test owns.</summary>
internal sealed class GpioFixture : IDisposable
{
    private readonly LoggerFactory _logging;

    public GpioFixture(int channelCapacity = 4_000)
    {
        Channel = new ReadingChannel(channelCapacity);
        Clock = TestClocks.Right(Time);
        Gpio = new SimulatedGpio(Time);
        Chip = Gpio.AddChip("bank");
        _logging = new LoggerFactory([Log]);
    }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public AgentMetrics Metrics { get; } = new();

    public SeriesCatalog Catalog { get; } = new();

    public ReadingChannel Channel { get; }

    public AgentClock Clock { get; }

    public SimulatedGpio Gpio { get; }

    public SimulatedGpioChip Chip { get; }

    public RecordingLog Log { get; } = new();

    public void Dispose()
    {
        _logging.Dispose();
        Metrics.Dispose();
    }

    public static GpioLineOptions Options(GpioMode mode, params string[] lines) => new()
    {
        Address = new LineAddress(null, [.. lines.Select(line => new LineSelector(line, 0))]),
        Mode = mode,
        Edges = LineFlags.EdgeRising | LineFlags.EdgeFalling,
        Sampling = new SensorOptions { Series = "s", Interval = TimeSpan.FromMinutes(1) },
    };

    public PushedSeries Series() => new(new SensorOptions { Series = "s" }, new Dictionary<string, string>(), Catalog, Channel, Metrics);

    public LineConnection Connect(GpioLineOptions options, ILineMode mode)
    {
        var connection = new LineConnection(options, mode, Gpio, Clock, Metrics, Time, _logging.CreateLogger<LineConnection>());
        connection.Turn(isReady: false);
        return connection;
    }

    public (LineConnection Connection, SimulatedLine Line) Level()
    {
        SimulatedLine line = Chip.AddLine("door");
        return (Connect(Options(GpioMode.Level, "door"), new LevelLine(Series(), TimeSpan.FromMinutes(1))), line);
    }

    public (LineConnection Connection, SimulatedLine Line, PulseCounter Counter) Counter(PulseOptions? pulses = null, long count = 0)
    {
        SimulatedLine line = Chip.AddLine("flow");
        var counter = new PulseCounter(pulses ?? new PulseOptions(), LineFlags.EdgeRising, count);
        return (Connect(Options(GpioMode.Counter, "flow"), counter), line, counter);
    }

    /// <summary>Each is a rising and a falling edge.</summary>
    public void Pulse(SimulatedLine line, int pulses, TimeSpan period = default)
    {
        for (int i = 0; i < pulses; i++)
        {
            // Advancing allocates, which would hide what is measured.
            if (period > TimeSpan.Zero)
            {
                Time.Advance(period);
            }
            line.Drive(true);
            line.Drive(false);
        }
    }

    public async Task<Measured[]> MeasureAsync(LineConnection connection, ISampledLine line)
    {
        var values = new Measured[line.Quantities.Count];
        await new LineSensor(connection, line, Gpio).MeasureAsync(values, CancellationToken.None);
        return values;
    }

    /// <summary>All readings that have come, as "seconds since the start, value, quality".</summary>
    public (double Seconds, double Value, Quality Quality)[] Readings()
    {
        long start = UnixTime.Nanoseconds(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var readings = new List<(double, double, Quality)>();
        while (Channel.Reader.TryRead(out Reading reading))
        {
            readings.Add(((reading.UnixNanoseconds - start) / 1e9, reading.Number, reading.Quality));
        }
        return [.. readings];
    }
}
