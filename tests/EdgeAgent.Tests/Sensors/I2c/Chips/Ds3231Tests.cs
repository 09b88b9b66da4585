using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Ds3231Tests : IDisposable
{
    private readonly ChipFixture<SimulatedDs3231> _fixture = new(ChipTypes.Ds3231);

    public void Dispose() => _fixture.Dispose();

    /// <summary>The first is the example of the section on the temperature registers: 00011001 01b.</summary>
    [Theory]
    [InlineData(0x19, 0x40, 25.25)]
    [InlineData(0x00, 0xC0, 0.75)]
    [InlineData(0xFF, 0xC0, -0.25)]
    [InlineData(0xD8, 0x00, -40.0)]
    public void The_temperature_is_in_quarters_of_a_degree_below_zero_too(byte upper, byte lower, double celsius)
    {
        Assert.Equal(celsius, Ds3231.Celsius([upper, lower]));
    }

    [Theory]
    // Twenty-four hours, twelve hours before and after noon and midnight, the last second of the century, the century's bit.
    [InlineData("58591202170624", "2024-06-17T12:59:58Z")]
    [InlineData("30155103281126", "2026-11-28T11:15:30Z")]
    [InlineData("30157103281126", "2026-11-28T23:15:30Z")]
    [InlineData("00005203281126", "2026-11-28T00:00:00Z")]
    [InlineData("00007203281126", "2026-11-28T12:00:00Z")]
    [InlineData("59592305311299", "2099-12-31T23:59:59Z")]
    [InlineData("00000006018100", "2100-01-01T00:00:00Z")]
    public void A_time_is_read_in_all_its_forms(string registers, string time)
    {
        Assert.True(Ds3231Time.TryRead(Convert.FromHexString(registers), out long seconds));
        Assert.Equal(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds(), seconds);
    }

    [Theory]
    [InlineData("60001202170624")]
    [InlineData("0A001202170624")]
    [InlineData("00002402170624")]
    [InlineData("00005302170624")]
    [InlineData("00001202300226")]
    [InlineData("00001202000624")]
    [InlineData("00001202171324")]
    public void Digits_that_are_no_time_are_none(string registers)
    {
        Assert.False(Ds3231Time.TryRead(Convert.FromHexString(registers), out _));
    }

    [Fact]
    public async Task It_gives_the_time_and_the_temperature_and_writes_nothing()
    {
        Measured[] values = await _fixture.MeasureAsync();

        Assert.Equal(_fixture.Room.Now().Celsius, values[0].Value, 0.13);
        Assert.Equal(Measured.Good(_fixture.Time.GetUtcNow().ToUnixTimeSeconds()), values[1]);
        var device = new CannedDevice(new string('0', 2 * Ds3231.RegisterCount), new string('0', 2 * Ds3231.RegisterCount));
        var chip = new Ds3231(device);
        chip.Prepare();
        chip.Start();
        chip.Finish(new Measured[2]);
        Assert.All(device.Written, written => Assert.Equal("00", written));
    }

    [Fact]
    public async Task A_clock_that_stood_still_is_uncertain_and_its_temperature_is_not()
    {
        await _fixture.MeasureAsync();
        _fixture.Chip.LosePower();

        Measured[] values = await _fixture.MeasureAsync();

        Assert.Equal([Quality.Good, Quality.Uncertain], values.Select(value => value.Quality));
        // It begins anew at the year 2000.
        Assert.Equal(946_684_800, values[1].Value, 1.0);
    }

    [Fact]
    public async Task Bits_that_are_never_set_tell_another_chip_also_between_two_polls()
    {
        await _fixture.MeasureAsync();

        Assert.All(await _fixture.MeasureAsync(SimulatedFault.WrongChip), value => Assert.Equal(Measured.None(Quality.Failed), value));
    }
}
