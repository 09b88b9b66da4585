using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Vl53l0xTests : IDisposable
{
    private readonly ChipFixture<SimulatedVl53l0x> _fixture = new(ChipTypes.Vl53l0x);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task It_is_calibrated_and_measures_the_distance()
    {
        Measured[] values = await _fixture.MeasureAsync();

        Assert.True(_fixture.Chip.IsCalibrated);
        Assert.Equal(Quality.Good, values[0].Quality);
        Assert.Equal(_fixture.Room.Millimetres(), values[0].Value, 1.0);
    }

    [Fact]
    public async Task As_many_reference_diodes_are_on_as_the_factory_chose_from_the_first_of_their_kind_on()
    {
        await _fixture.MeasureAsync();

        // Five of the aperture kind: 12 to 15 in the upper half of the second byte, and 16 in the third.
        Assert.Equal("00F001000000", Convert.ToHexString(_fixture.Chip.DiodeMap));
    }

    [Fact]
    public void Diodes_that_are_not_good_are_passed_over()
    {
        byte[] map = [0b1010_1010, 0b1111_1111, 0, 0, 0, 0];
        Vl53l0x.Choose(map, count: 6, isAperture: false);

        Assert.Equal([0b1010_1010, 0b0000_0011, 0, 0, 0, 0], map);
    }

    /// <summary>The codes of VL53L0X_DEVICEERROR in ST's driver, and what it makes of them.</summary>
    [Theory]
    [InlineData(11, Quality.Good)]
    [InlineData(4, Quality.OutOfRange)]
    [InlineData(6, Quality.OutOfRange)]
    [InlineData(8, Quality.OutOfRange)]
    [InlineData(9, Quality.OutOfRange)]
    [InlineData(10, Quality.OutOfRange)]
    [InlineData(0, Quality.NotReady)]
    [InlineData(1, Quality.Failed)]
    [InlineData(2, Quality.Failed)]
    [InlineData(3, Quality.Failed)]
    [InlineData(5, Quality.Failed)]
    [InlineData(7, Quality.Failed)]
    [InlineData(13, Quality.Failed)]
    public async Task The_range_status_becomes_a_quality(int status, Quality quality)
    {
        await _fixture.MeasureAsync();
        _fixture.Chip.RangeStatus = status;

        Measured value = (await _fixture.MeasureAsync())[0];

        Assert.Equal(quality, value.Quality);
        Assert.Equal(quality == Quality.Good, value.Value != 0);
    }

    [Fact]
    public async Task A_ranging_that_has_not_ended_gives_no_value_and_is_not_taken_for_the_next()
    {
        await _fixture.MeasureAsync();
        Assert.Equal(Measured.None(Quality.NotReady), (await _fixture.MeasureAsync(SimulatedFault.NotReady))[0]);
        // It ends after it was asked for.
        _fixture.Time.Advance(TimeSpan.FromMinutes(20));

        Measured[] values = await _fixture.MeasureAsync();

        Assert.Equal(_fixture.Room.Millimetres(), values[0].Value, 1.0);
    }

    [Fact]
    public async Task A_calibration_that_never_ends_ends_the_attempt()
    {
        Assert.Equal(Measured.None(Quality.NotReady), (await _fixture.MeasureAsync(SimulatedFault.NotReady))[0]);
        Assert.False(_fixture.Sensor.IsPresent);

        Assert.Equal(Quality.Good, (await _fixture.MeasureAsync())[0].Quality);
    }

    [Fact]
    public async Task A_chip_that_lost_its_power_gives_no_value_until_it_is_calibrated_again()
    {
        await _fixture.MeasureAsync();
        _fixture.Chip.LosePower();

        Assert.Equal(Measured.None(Quality.NotReady), (await _fixture.MeasureAsync())[0]);
        Assert.False(_fixture.Chip.IsCalibrated);
        Assert.Equal(Quality.Good, (await _fixture.MeasureAsync())[0].Quality);
        Assert.True(_fixture.Chip.IsCalibrated);
    }

    [Fact]
    public async Task A_set_up_that_broke_off_on_another_page_is_begun_anew()
    {
        // What an agent leaves that was killed in the middle of it.
        _fixture.Chip.Write([Vl53l0x.PageRegister, 7]);

        Assert.Equal(Quality.Good, (await _fixture.MeasureAsync())[0].Quality);
    }
}
