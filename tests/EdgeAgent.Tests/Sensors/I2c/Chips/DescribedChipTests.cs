using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>The examples of docs/sensors/registers.md, as they are printed there, beside the drivers of the same chips.</summary>
public sealed class DescribedChipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(25.25)]
    [InlineData(0)]
    [InlineData(-0.0625)]
    [InlineData(-39.5)]
    [InlineData(125)]
    [InlineData(126)]
    public void A_described_MCP9808_measures_what_its_driver_measures(double celsius)
    {
        using var described = new ChipRig<SimulatedMcp9808>((room, time) => new SimulatedMcp9808(room, time), Example(0));
        using var driven = new ChipRig<SimulatedMcp9808>((room, time) => new SimulatedMcp9808(room, time), device => new Mcp9808(device));
        described.Model.Celsius = driven.Model.Celsius = celsius;

        Assert.Equal(driven.PrepareAndMeasure(), described.PrepareAndMeasure());
        Assert.Equal(driven.Driver.Quantities, described.Driver.Quantities);
        Assert.Equal(driven.Driver.MeasurementTime, described.Driver.MeasurementTime);
    }

    [Fact]
    public void A_described_SHT3x_measures_what_its_driver_measures()
    {
        using ChipRig<SimulatedSht3x> described = Sht3xRig(Example(1));
        using ChipRig<SimulatedSht3x> driven = Sht3xRig(device => new Sht3x(device));

        for (int hour = 0; hour < 24; hour++)
        {
            Measured[] expected = driven.PrepareAndMeasure(), measured = described.PrepareAndMeasure();
            Assert.Equal(expected.Select(value => value.Quality), measured.Select(value => value.Quality));
            Assert.Equal(expected[0].Value, measured[0].Value, 1e-4);
            Assert.Equal(expected[1].Value, measured[1].Value, 1e-4);
            described.Time.Advance(TimeSpan.FromHours(1));
            driven.Time.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(driven.Driver.Quantities, described.Driver.Quantities);
    }

    [Fact]
    public void A_described_checksum_that_is_wrong_costs_the_word_it_belongs_to()
    {
        using ChipRig<SimulatedSht3x> rig = Sht3xRig(Example(1));
        rig.PrepareAndMeasure();
        rig.Model.Fault = SimulatedFault.BadChecksum;

        Measured[] values = rig.Measure();

        Assert.Equal(Measured.None(Quality.Checksum), values[0]);
        Assert.Equal(Quality.Good, values[1].Quality);
    }

    [Fact]
    public void A_described_chip_that_lost_its_power_gives_no_value_and_is_set_up_anew()
    {
        using var rig = new ChipRig<SimulatedMcp9808>((room, time) => new SimulatedMcp9808(room, time), Example(0));
        rig.Model.Celsius = 21.5;
        rig.PrepareAndMeasure();

        rig.Model.LosePower();
        Assert.Equal(Measured.None(Quality.NotReady), Assert.Single(rig.Measure()));
        Assert.Equal(Measured.Good(21.5), Assert.Single(rig.PrepareAndMeasure()));
    }

    [Fact]
    public void Nothing_is_written_to_a_chip_that_is_another()
    {
        using var rig = new ChipRig<RecordingChip>((_, _) => new RecordingChip(), Example(0));

        Assert.Equal(ChipState.WrongChip, rig.Driver.Prepare());
        Assert.Equal("06", Assert.Single(rig.Model.Writes));

        rig.Model.Fault = SimulatedFault.NoAnswer;
        Assert.Throws<IOException>(() => rig.Driver.Prepare());
    }

    /// <summary>The driver that the nth example of the document describes.</summary>
    private Func<I2cDevice, IChip> Example(int index)
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs/sensors/registers.md"));
        string example = document.Split("```json")[index + 1].Split("```")[0];
        AgentConfiguration configuration = Read.Sound(
            _folder, $$"""{ {{Read.Cloud(_folder)}}, "i2c": [{ "bus": 1, "sensors": [{{example}}] }] }""");
        return Assert.Single(Assert.Single(configuration.I2cBuses).Sensors).Driver;
    }

    private static ChipRig<SimulatedSht3x> Sht3xRig(Func<I2cDevice, IChip> driver) => new((room, time) => new SimulatedSht3x(room, time), driver);
}
