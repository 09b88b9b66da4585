using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Sht4xTests : IDisposable
{
    private readonly ChipFixture<SimulatedSht4x> _fixture = new(ChipTypes.Sht4x);

    public void Dispose() => _fixture.Dispose();

    /// <summary>Section 4.6: -45 + 175 · S / 65,535 °C and -6 + 125 · S / 65,535 %, the latter cut to 0 to 100.</summary>
    [Theory]
    [InlineData(0x0000, -45.0, 0.0)]
    [InlineData(0x6666, 25.0, 44.0)]
    [InlineData(0xFFFF, 130.0, 100.0)]
    public void Words_are_scaled_as_the_datasheet_says(int word, double celsius, double percent)
    {
        Assert.Equal(celsius, Sht3x.Celsius((ushort)word), 0.002);
        Assert.Equal(percent, Sht4x.Percent((ushort)word), 0.002);
    }

    [Fact]
    public async Task It_measures_the_climate_of_its_room()
    {
        Measured[] values = await _fixture.MeasureAsync();

        (double celsius, double percent, _) = _fixture.Room.Now();
        Assert.Equal(celsius, values[0].Value, 0.05);
        Assert.Equal(percent, values[1].Value, 0.3);
    }

    [Theory]
    [InlineData(SimulatedFault.NotReady, Quality.NoResponse, Quality.NoResponse)]
    [InlineData(SimulatedFault.BadChecksum, Quality.Checksum, Quality.Good)]
    public async Task A_failure_is_told_for_each_word(object fault, Quality temperature, Quality humidity)
    {
        await _fixture.MeasureAsync();

        Measured[] values = await _fixture.MeasureAsync((SimulatedFault)fault);

        Assert.Equal([temperature, humidity], values.Select(value => value.Quality));
        Assert.Equal(0, values[0].Value);
    }
}
