using System.Text.Json;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Sensors.Kernel;

namespace EdgeAgent.Tests.Scanning;

/// <summary><c>edge-agent read</c> through the program's entry point, with chips that are simulated down to their registers.</summary>
[Collection(CommandLine.Collection)]
public sealed class ReadCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReadCommandTests() => File.WriteAllText(
        _folder["agent.json"],
        $$"""
        { {{Read.Cloud(_folder)}},
          "device": { "hardware": "{{Path.Combine(AppContext.BaseDirectory, "samples/hardware")}}" },
          "spool": { "path": "spool" },
          "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "bme280", "series": "cabinet/air" }, { "chip": "sht4x", "series": "cabinets/air" },
            { "chip": "ads1115", "series": "cabinet/tank", "channels": [ "a0" ] } ] } ],
          "gpio": [ { "chip": "simulated", "line": "door", "series": "cabinet/door" }, { "chip": "simulated", "line": "pump", "series": "pump", "mode": "output" } ],
          "host": { "series": "box" } }
        """);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cabinet", new[] { "cabinet/air/temperature", "cabinet/air/humidity", "cabinet/air/pressure", "cabinet/tank/a0", "cabinet/door" })]
    [InlineData("cabinet/air", new[] { "cabinet/air/temperature", "cabinet/air/humidity", "cabinet/air/pressure" })]
    [InlineData("cabinet/air/humidity", new[] { "cabinet/air/humidity" })]
    [InlineData("cabinet/door", new[] { "cabinet/door" })]
    [InlineData("box/memory/available", new[] { "box/memory/available" })]
    [InlineData("bme280@simulated:0x77", new[] { "bme280@simulated:0x77/temperature", "bme280@simulated:0x77/humidity", "bme280@simulated:0x77/pressure" })]
    [InlineData("lm75@simulated", new[] { "lm75@simulated/temperature" })]
    [InlineData("28-0316a2795ee4", new[] { "28-0316a2795ee4/temperature" })]
    [InlineData("cpu-thermal", new[] { "cpu-thermal/temperature" })]
    public void A_sensor_is_shown_by_its_series_a_part_of_it_its_place_or_its_name_in_the_kernel(string sensor, string[] series)
    {
        (int exitCode, string output, string error) = Run(sensor, "--json");

        Assert.True(exitCode == 0, error);
        JsonElement[] readings = [.. output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(series, readings.Select(reading => reading.GetProperty("series").GetString()));
        Assert.All(readings, reading => Assert.Equal("good", reading.GetProperty("quality").GetString()));
        Assert.All(readings, reading => Assert.NotEqual(JsonValueKind.Null, reading.GetProperty("value").ValueKind));
        // Nothing is kept.
        Assert.False(Directory.Exists(_folder["spool"]));
    }

    [Fact]
    public void A_value_is_shown_with_its_time_unit_and_quality()
    {
        (int exitCode, string output, string error) = Run("cabinet/air/temperature");

        Assert.True(exitCode == 0, error);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z  cabinet/air/temperature  -?\d+(\.\d{1,2})? Cel  good\r?\n$", output);
    }

    [Theory]
    [InlineData("cabinet/air/humidty", "Did you mean \"cabinet/air/humidity\"?")]
    [InlineData("bme281@1", "Did you mean \"bme280\"?")]
    [InlineData("ina226@1:0x40", "ina226 needs more than its address: shunt.")]
    [InlineData("bme280@one", "names no bus. Write bme280@N")]
    [InlineData("bme280@1:0x40", "is no address of bme280. Write one of 0x76, 0x77.")]
    [InlineData("cpu-themal", "Did you mean \"cpu-thermal\"?")]
    // An output's value only its driver knows.
    [InlineData("pump", "There is no sensor \"pump\".")]
    [InlineData("cabinet --interval soon", "Give --interval from 10ms to 1h")]
    public void A_wrong_name_is_answered_with_the_nearest_right_one(string arguments, string expected)
    {
        (int exitCode, string output, string error) = Run(arguments.Split(' '));

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void A_chip_that_a_driver_of_the_kernel_has_is_not_touched()
    {
        using var tree = new KernelTree();
        tree.Write("/sys/bus/i2c/drivers/bmp280/uevent", "");
        tree.Write("/sys/bus/i2c/devices/1-0076/name", "bme280");
        tree.Link("/sys/bus/i2c/devices/1-0076/driver", "/sys/bus/i2c/drivers/bmp280");
        File.WriteAllText(_folder["agent.json"], $$"""{ {{Read.Cloud(_folder)}}, "device": { "hardware": "{{tree.Root.Folder}}" } }""");

        (int exitCode, _, string error) = Run("bme280@1:0x76");

        Assert.Equal(1, exitCode);
        Assert.Contains("The kernel's driver bmp280 has address 0x76 of bus 1.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bus_that_is_not_there_is_no_response_and_is_told_beside()
    {
        (int exitCode, string output, _) = Run("bme280@250");

        Assert.Equal(1, exitCode);
        Assert.Contains("bme280@250/temperature  -  no_response", output, StringComparison.Ordinal);
    }

    private (int ExitCode, string Output, string Error) Run(params string[] arguments) =>
        AgentProgram.Run(["read", .. arguments, "--once", "--config", _folder["agent.json"]]);
}
