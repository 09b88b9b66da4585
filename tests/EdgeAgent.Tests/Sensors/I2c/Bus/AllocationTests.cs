using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationCollection;

/// <summary>Allocations are counted for the whole process: nothing else may run.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Measurements = 200;

    [Fact]
    public async Task A_measurement_on_a_board_allocates_nothing_on_any_thread()
    {
        using var fixture = new BusFixture();
        FakeChip? chip = null;
        I2cSensor sensor = fixture.Sensor(0x10, onChip: made => chip = made);
        var values = new Measured[1];
        await MeasureAsync(sensor, values);
        long onBusThread = chip!.AllocatedAtFinish;

        long fewest = await FewestBytesAsync(() => MeasureAsync(sensor, values));

        Assert.Equal(onBusThread, chip.AllocatedAtFinish);
        // What the runtime does beside it now and then is no multiple of the measurements.
        Assert.InRange(fewest, 0, Measurements);
    }

    [Fact]
    public async Task Waiting_for_a_conversion_allocates_nothing()
    {
        var wait = new ConversionWait(TimeProvider.System);
        using var stop = new CancellationTokenSource();

        long fewest = await FewestBytesAsync(async () =>
        {
            for (int i = 0; i < Measurements; i++)
            {
                await wait.WaitAsync(TimeSpan.FromTicks(1), stop.Token);
            }
        });

        Assert.InRange(fewest, 0, Measurements);
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
        for (int i = 0; i < Measurements; i++)
        {
            await sensor.MeasureAsync(values, CancellationToken.None);
            Assert.Equal(42, values[0].Value);
        }
    }

    /// <summary>Of several rounds the one in which least else happened.</summary>
    private static async Task<long> FewestBytesAsync(Func<Task> round)
    {
        await round();
        long fewest = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        // The task of the round itself, and its state.
        const int ofTheRound = 1_000;
        return Math.Max(0, fewest - ofTheRound);
    }
}
