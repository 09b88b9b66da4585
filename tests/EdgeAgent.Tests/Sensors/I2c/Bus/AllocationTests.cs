using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationCollection;

/// <summary>Allocations are counted for the whole process: nothing else may run.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Measurements = 100;

    [Fact]
    public async Task A_measurement_on_a_board_allocates_nothing_on_any_thread()
    {
        using var fixture = new BusFixture();
        FakeChip? chip = null;
        // Timers do not wait for less than a millisecond.
        I2cSensor sensor = BusFixture.Sensor(fixture.Wire, TimeProvider.System, 0x10, TimeSpan.FromMilliseconds(1), made => chip = made);
        var values = new Measured[1];
        await MeasureAsync(sensor, values);
        long onBusThread = chip!.AllocatedAtFinish;
        long fewest = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await MeasureAsync(sensor, values);
            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(onBusThread, chip.AllocatedAtFinish);
        // The round's own task is among it, and what the runtime does now and then. The smallest object has 24 bytes.
        Assert.InRange(fewest, 0, 12 * Measurements);
    }

    [Fact]
    public void A_measurement_on_a_simulated_bus_allocates_nothing()
    {
        using var wire = new I2cWire(() => new FakeI2cBus(_ => { }));
        I2cSensor sensor = BusFixture.Sensor(wire, TimeProvider.System, 0x10);
        var values = new Measured[1];
        Measure();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < Measurements; i++)
        {
            Measure();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Measure()
        {
            ValueTask measuring = sensor.MeasureAsync(values, CancellationToken.None);
            Assert.True(measuring.IsCompletedSuccessfully);
            measuring.GetAwaiter().GetResult();
        }
    }

    private static async Task MeasureAsync(I2cSensor sensor, Measured[] values)
    {
        using var stop = new CancellationTokenSource();
        for (int i = 0; i < Measurements; i++)
        {
            values[0] = default;
            await sensor.MeasureAsync(values, stop.Token);
            // An assertion of the framework would allocate.
            if (values[0] != Measured.Good(42))
            {
                Assert.Fail($"{values[0]}");
            }
        }
    }
}
