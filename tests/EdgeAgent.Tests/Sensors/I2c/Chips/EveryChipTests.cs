using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>What is true of every chip that needs nothing but an address.</summary>
public sealed class EveryChipTests
{
    private static readonly ChipType[] Chips =
    [
        ChipTypes.Bh1750, ChipTypes.Bme280, ChipTypes.Bme680, ChipTypes.Bmp280, ChipTypes.Ds3231, ChipTypes.Mcp9808, ChipTypes.Mpu6050, ChipTypes.Scd4x,
        ChipTypes.Sht3x, ChipTypes.Sht4x, ChipTypes.Vl53l0x,
    ];

    public static TheoryData<string> Names => [.. Chips.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_chip_that_is_there_gives_a_value_for_each_of_its_quantities(string name)
    {
        using ChipFixture<SimulatedChip> fixture = Fixture(name);

        Assert.All(await fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
        Assert.True(fixture.Sensor.IsPresent);
        Assert.All(await fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_chip_that_does_not_answer_says_so_for_each_quantity_and_is_met_again_later(string name)
    {
        using ChipFixture<SimulatedChip> fixture = Fixture(name);
        Assert.All(await fixture.MeasureAsync(SimulatedFault.NoAnswer), value => Assert.Equal(Measured.None(Quality.NoResponse), value));
        await fixture.MeasureAsync();

        Assert.All(await fixture.MeasureAsync(SimulatedFault.NoAnswer), value => Assert.Equal(Measured.None(Quality.NoResponse), value));
        Assert.False(fixture.Sensor.IsPresent);
        Assert.All(await fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Something_else_at_the_address_gives_no_value(string name)
    {
        if (name == ChipTypes.Bh1750.Name)
        {
            // It has neither an identity nor a checksum: nothing can be told.
            return;
        }
        using ChipFixture<SimulatedChip> fixture = Fixture(name);

        Measured[] values = await fixture.MeasureAsync(SimulatedFault.WrongChip);

        // A chip without an identity is told by its checksums.
        Assert.All(values, value => Assert.Contains(value.Quality, (Quality[])[Quality.Failed, Quality.Checksum]));
        Assert.All(values, value => Assert.Equal(0, value.Value));
        Assert.False(fixture.Sensor.IsPresent);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_chip_that_lost_its_power_between_two_polls_is_good_again_after_one_more(string name)
    {
        using ChipFixture<SimulatedChip> fixture = Fixture(name);
        await fixture.MeasureAsync();
        fixture.Chip.LosePower();

        Measured[] values = await fixture.MeasureAsync();

        Assert.All(values, value => Assert.True(value.Quality is Quality.Good or Quality.Uncertain || value.Value == 0, $"{value}"));
        if (name != ChipTypes.Ds3231.Name)
        {
            // A clock that stood is not right again until somebody sets it.
            Assert.All(await fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
        }
    }

    [Fact]
    public void Names_addresses_and_quantities_are_what_a_bus_and_a_series_can_take()
    {
        Assert.Equal(ChipTypes.All.Count, ChipTypes.All.Select(type => type.Name).Distinct().Count());
        foreach (ChipType type in Chips)
        {
            using ChipFixture<SimulatedChip> fixture = Fixture(type.Name);
            // 7 bits, without what I2C keeps for itself.
            Assert.All(type.Addresses, address => Assert.InRange(address, 0x08, 0x77));
            Assert.Equal(fixture.Sensor.Quantities.Count, fixture.Sensor.Quantities.Select(quantity => quantity.Name).Distinct().Count());
            Assert.All(fixture.Sensor.Quantities, quantity => Assert.InRange(quantity.Decimals, 0, 15));
        }
    }

    private static ChipFixture<SimulatedChip> Fixture(string name) => new(Chips.Single(type => type.Name == name));
}
