using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>What an entry of a chip may say beyond the keys of every chip.</summary>
public sealed class ChipEntryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_chip_measures_on_the_simulated_bus_from_nothing_but_its_entry()
    {
        AgentConfiguration configuration = Read.Sound(_folder, Document("""
            { "chip": "ads1115", "series": "s", "rate": 860 }, { "chip": "pcf8591", "series": "s", "address": "0x4f" },
            { "chip": "ina219", "series": "s", "shunt": 0.1 }, { "chip": "ina226", "series": "s", "address": "0x41", "shunt": 0.1 },
            { "chip": "mcp9808", "series": "s" }, { "chip": "lm75", "series": "s", "address": "0x4d" }, { "chip": "lm75b", "series": "s", "address": "0x4e" },
            { "chip": "tmp75", "series": "s", "address": "0x4c" }, { "chip": "tmp102", "series": "s", "address": "0x49" },
            { "chip": "tmp112", "series": "s", "address": "0x4a" }
            """, bus: "\"simulated\""));
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 3, TimeSpan.Zero));
        using var metrics = new AgentMetrics();
        using var source = new I2cSensorSource(configuration, metrics, time, NullLogger<I2cWire>.Instance);
        SensorPlan[] plans = [.. source.Sensors];
        Assert.Equal(10, plans.Length);

        foreach (SensorPlan plan in plans)
        {
            var values = new Measured[plan.Sensor.Quantities.Count];
            Task measuring = plan.Sensor.MeasureAsync(values, CancellationToken.None).AsTask();
            for (int i = 0; !measuring.IsCompleted; i++)
            {
                Assert.True(i < 1_000_000, plan.Sensor.Description);
                time.Advance(TimeSpan.FromMilliseconds(1));
                await Task.Yield();
            }
            await measuring;
            Assert.All(values, value => Assert.Equal((plan.Sensor.Description, Quality.Good), (plan.Sensor.Description, value.Quality)));
        }
    }

    [Fact]
    public void The_range_of_a_converter_is_the_smallest_that_holds_the_largest_voltage()
    {
        Assert.Equal("01C183", FirstWord("""{ "chip": "ads1115", "series": "s", "maximumVoltage": 5, "channels": ["a0"] }"""));
        Assert.Equal("01C383", FirstWord("""{ "chip": "ads1115", "series": "s", "maximumVoltage": 3.3 }"""));
        Assert.Equal("018BE3", FirstWord("""{ "chip": "ads1115", "series": "s", "maximumVoltage": 0.1, "channels": ["a0-a1"], "rate": 860 }"""));
    }

    [Fact]
    public void All_errors_of_the_entries_are_told_at_once()
    {
        string[] errors = Read.Errors(_folder, Document("""
            { "chip": "ads1115", "series": "s", "address": "0x4a", "channels": ["a0", "a4", "a0"], "maximumVoltage": 12, "rate": 100 },
            { "chip": "pcf8591", "series": "s", "address": "0x50", "gain": 2 },
            { "chip": "ina219", "series": "s" },
            { "chip": "ina226", "series": "s", "address": "0x45", "shunt": 0.1, "maximumCurrent": 2 }
            """));

        AssertThese(
            errors,
            "channels/1: \"a4\" is no channel of this chip. Choose one of a0, a1, a2, a3, a0-a1, a0-a3, a1-a3, a2-a3.",
            "channels/2: The channel \"a0\" stands here twice.",
            "maximumVoltage: 12 is not a number from 0.001 to 6.144.",
            "rate: The chip does not convert 100 times a second. Choose one of 8, 16, 32, 64, 128, 250, 475, 860.",
            "sensors/1/address: This is no address of this chip. Write one from \"0x48\" to \"0x4f\".",
            "gain: There is no such key here.",
            "sensors/2/shunt: This key is missing. Add it.",
            "maximumCurrent: Over 0.1 Ω the chip measures at most 0.8192 A.");
    }

    [Fact]
    public void All_errors_of_a_description_are_told_at_once()
    {
        string[] errors = Read.Errors(_folder, Document("""
            { "chip": "registers", "series": "s", "registerBytes": 1,
              "identify": { "register": "0x100", "mask": "0x0f", "value": "0x10" },
              "init": ["01 0", "zz"],
              "start": 24,
              "ready": { "register": 1 },
              "checksum": { "kind": "sum", "polynomial": 7 },
              "values": [
                { "name": "a", "register": 1, "width": 9, "scale": 0 },
                { "name": "a", "register": 1, "width": 2, "shift": 8, "bits": 9, "minimum": 5, "maximum": 1 },
                { "name": "b", "register": 1, "notReady": ["0x100"] },
                { "unit": "V", "register": -1 } ] },
            { "chip": "registers", "series": "s", "address": 9, "registerBytes": 0, "autoIncrement": true, "ready": { "register": 1, "value": 1 },
              "values": [{ "name": "late", "register": 31, "width": 2 }] }
            """));

        AssertThese(
            errors,
            "address: This key is missing. Add it.",
            "identify/register: This is not a whole number from 0 to 0xff.",
            "identify/value: This has bits that are not in the mask 0xf, so that it never fits.",
            "init/0: These are not 1 to 33 bytes.",
            "init/1: These are not 1 to 33 bytes.",
            "start: These are not 1 to 33 bytes.",
            "ready/value: This key is missing. Add it.",
            "checksum/polynomial: Only the kind \"crc8\" has this.",
            "values/0/width: 9 is not a whole number from 1 to 8.",
            "values/0/scale: With a scale of 0 every value is the same.",
            "values/1/name: Two values of this chip are called \"a\".",
            "values/1/bits: 9 bits above a shift of 8 do not fit into 16.",
            "values/1/maximum: This is less than \"minimum\".",
            "values/2/notReady/0: This is not a whole number from 0 to 0xff.",
            "values/3/name: This key is missing. Add it.",
            "values/3/register: This is not a whole number from 0 to 0xff.",
            "autoIncrement: A chip without registers has none to count on from.",
            "ready: A chip without registers has none to look at.",
            "values/0/register: The answer would have 33 bytes; at most 32 are read.");
    }

    private static void AssertThese(string[] errors, params string[] expected)
    {
        Assert.All(expected, text => Assert.Contains(errors, error => error.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, errors.Length);
    }

    private string Document(string sensors, string bus = "1") => $$"""{ {{Read.Cloud(_folder)}}, "i2c": [{ "bus": {{bus}}, "sensors": [{{sensors}}] }] }""";

    /// <summary>What the driver of an entry writes to start its first conversion.</summary>
    private string FirstWord(string entry)
    {
        Func<I2cDevice, IChip> driver = Read.Sound(_folder, Document(entry)).I2cBuses[0].Sensors[0].Driver;
        using var rig = new ChipRig<RecordingChip>((_, _) => new RecordingChip(), driver);
        rig.Driver.Start();
        return Assert.Single(rig.Model.Writes);
    }
}
