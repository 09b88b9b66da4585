using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>A bus with its own thread, as on a board, over a kernel that a test plays; the clock of deadlines and pauses is the test's.</summary>
internal sealed class BusFixture : IDisposable
{
    /// <summary>For liveness only.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public BusFixture(RecoveryOptions? recovery = null, IBusLinesSource? lines = null, HardwareRoot? root = null)
    {
        recovery ??= new RecoveryOptions();
        var repair = new BusRepair(new DriverRebinding(root ?? new HardwareRoot("/nowhere"), 1), lines, recovery.Lines);
        Wire = new I2cWire("i2c-1", Open, new BusSupervision("1", repair, recovery.Steps, Metrics, Time, NullLogger.Instance), Deadline, Time);
    }

    public ManualTimeProvider Time { get; } = new();

    public AgentMetrics Metrics { get; } = new();

    public I2cWire Wire { get; }

    public List<FakeI2cBus> Opened { get; } = [];

    /// <summary>What the kernel does with a transfer to an address.</summary>
    public Action<int> OnTransfer { get; set; } = _ => { };

    /// <summary>What the kernel says when the bus is opened.</summary>
    public Action OnOpen { get; set; } = () => { };

    public long this[I2cFailureCause cause] => Metrics.I2cFailures.At("1")[cause];

    public void Dispose()
    {
        Wire.Dispose();
        Metrics.Dispose();
    }

    public I2cSensor Sensor(int address, TimeSpan conversion = default, Action<FakeChip>? onChip = null) => Sensor(Wire, Time, address, conversion, onChip);

    public static I2cSensor Sensor(I2cWire wire, TimeProvider time, int address, TimeSpan conversion = default, Action<FakeChip>? onChip = null) => new(
        new I2cSensorOptions
        {
            Chip = ChipTypes.Sht3x,
            Address = address,
            Sampling = new SensorOptions { Series = "s" },
            Driver = device =>
            {
                var chip = new FakeChip(device, conversion);
                onChip?.Invoke(chip);
                return chip;
            },
        },
        wire,
        time);

    public static async Task<Quality> MeasureAsync(I2cSensor sensor)
    {
        var values = new Measured[1];
        await sensor.MeasureAsync(values, CancellationToken.None).AsTask().WaitAsync(Patience);
        return values[0].Quality;
    }

    private FakeI2cBus Open()
    {
        OnOpen();
        var bus = new FakeI2cBus(address => OnTransfer(address));
        Opened.Add(bus);
        return bus;
    }
}
