using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c;

public sealed class RealClockTests
{
    [Fact]
    public async Task A_timer_that_fires_early_never_makes_a_chip_be_asked_too_early()
    {
        var chip = new SimulatedSht3x(new SimulatedRoom(1, TimeProvider.System), TimeProvider.System);
        using var wire = new I2cWire(() => new SimulatedI2cBus(new Dictionary<int, SimulatedChip> { [0x44] = chip }));
        var sensor = SensorFixture.Sensor(ChipTypes.Sht3x, wire, TimeProvider.System);
        var values = new Measured[2];

        for (int i = 0; i < 40; i++)
        {
            await sensor.MeasureAsync(values, CancellationToken.None);
            Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
        }
    }
}
