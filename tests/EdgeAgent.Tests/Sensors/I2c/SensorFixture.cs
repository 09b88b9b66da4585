using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Sensors.Sampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.I2c;

/// <summary>The real driver and poller over chips that are modelled down to their registers, and a clock that a test owns.</summary>
internal sealed class SensorFixture : IDisposable
{
    private readonly List<SamplingService> _sampling = [];

    public SensorFixture(int channelCapacity = 1_000)
    {
        Channel = new ReadingChannel(channelCapacity);
        Room = new SimulatedRoom(1, Time);
        Bme280 = new SimulatedBme280(Room, Time);
        Sht3x = new SimulatedSht3x(Room, Time);
        Wire = new I2cWire(() => IsBusMissing
            ? throw new IOException("There is no such bus.")
            : new SimulatedI2cBus(new Dictionary<int, SimulatedChip> { [0x76] = Bme280, [0x44] = Sht3x }));
    }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 3, TimeSpan.Zero));

    public AgentMetrics Metrics { get; } = new();

    public SeriesCatalog Catalog { get; } = new();

    public ReadingChannel Channel { get; }

    public SimulatedRoom Room { get; }

    public SimulatedBme280 Bme280 { get; }

    public SimulatedSht3x Sht3x { get; }

    public I2cWire Wire { get; }

    public bool IsBusMissing { get; set; }

    public void Dispose()
    {
        _sampling.ForEach(sampling => sampling.Dispose());
        Wire.Dispose();
        Metrics.Dispose();
    }

    public I2cSensor Sensor(ChipType chip) => Sensor(chip, Wire, Time);

    public static I2cSensor Sensor(ChipType chip, I2cWire wire, TimeProvider time) => new(
        new I2cSensorOptions
        {
            Chip = chip,
            Driver = device => chip == ChipTypes.Bme280 ? new Bme280(device) : new Sht3x(device),
            Address = chip.Addresses[0],
            Sampling = new SensorOptions { Series = chip.Name },
        },
        wire,
        time);

    public void Poll(ChipType chip)
    {
        var source = new OneGroup(ReadingSource.I2c, new SensorPlan(Sensor(chip), new SensorOptions { Series = chip.Name }, "i2c-1"));
        var sampling = new SamplingService(
            [source], new AgentConfiguration(), Catalog, Channel, Metrics, TestClocks.Right(Time), Time, new Heartbeats(Time), NullLogger<SamplingService>.Instance);
        _sampling.Add(sampling);
        sampling.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>One measurement of a sensor, its wait included.</summary>
    public async Task<Measured[]> MeasureAsync(I2cSensor sensor)
    {
        var values = new Measured[sensor.Quantities.Count];
        Task measuring = sensor.MeasureAsync(values, CancellationToken.None).AsTask();
        await AdvanceUntilAsync(() => measuring.IsCompleted);
        await measuring;
        return values;
    }

    /// <summary>Lets time pass, millisecond by millisecond, until something is so. Returns how much passed.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Func<bool> isSo)
    {
        long start = Time.GetTimestamp();
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 2_000_000, "It has not come to pass within half an hour of the test's clock.");
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
        return Time.GetElapsedTime(start);
    }

    public async Task<Reading> NextAsync()
    {
        Reading reading = default;
        await AdvanceUntilAsync(() => Channel.Reader.TryRead(out reading));
        return reading;
    }
}
