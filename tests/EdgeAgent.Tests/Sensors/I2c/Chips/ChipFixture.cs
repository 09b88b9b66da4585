using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>The real driver of one kind of chip over its model, made from an entry of the configuration, with a clock that the test owns.</summary>
internal sealed class ChipFixture<TChip> : IDisposable
    where TChip : SimulatedChip
{
    private readonly I2cWire _wire;

    public ChipFixture(ChipType type, string entry = "{}")
    {
        Room = new SimulatedRoom(1, Time);
        Chip = (TChip)type.Simulate(Room, Time);
        int address = type.Addresses[0];
        _wire = new I2cWire(() => new SimulatedI2cBus(new Dictionary<int, SimulatedChip> { [address] = Chip }));
        var reading = new ConfigReading("entry.json", ".");
        ConfigSection section = reading.Open(ConfigDocument.Read(Encoding.UTF8.GetBytes(entry), reading.Errors)!);
        Sensor = new I2cSensor(
            new I2cSensorOptions
            {
                Chip = type,
                Driver = type.ReadOptions(section),
                Address = address,
                Sampling = new SensorOptions { Series = "s" },
            },
            _wire,
            Time);
        reading.RejectUnknownKeys();
        Assert.Empty(reading.Errors.InOrder());
    }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 3, TimeSpan.Zero));

    public SimulatedRoom Room { get; }

    public TChip Chip { get; }

    public I2cSensor Sensor { get; }

    public void Dispose() => _wire.Dispose();

    /// <summary>One attempt, its waits included.</summary>
    public async Task<Measured[]> MeasureAsync()
    {
        var values = new Measured[Sensor.Quantities.Count];
        // What a driver leaves as it was is not taken for a value.
        Array.Fill(values, new Measured(double.NaN, Quality.Good));
        Task measuring = Sensor.MeasureAsync(values, CancellationToken.None).AsTask();
        for (int i = 0; !measuring.IsCompleted; i++)
        {
            Assert.True(i < 60_000, "The attempt has not ended within a minute of the test's clock.");
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
        await measuring;
        return values;
    }

    /// <summary>An attempt with a fault, after which there is none any more.</summary>
    public async Task<Measured[]> MeasureAsync(SimulatedFault fault)
    {
        Chip.Fault = fault;
        Measured[] values = await MeasureAsync();
        Chip.Fault = SimulatedFault.None;
        return values;
    }
}
