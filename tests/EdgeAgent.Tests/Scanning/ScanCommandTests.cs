using System.Text.Json;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Scanning;

/// <summary><c>edge-agent scan</c> through the program's entry point.</summary>
[Collection(CommandLine.Collection)]
public sealed class ScanCommandTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples/hardware");

    private const string WithoutBroker = "i2c,gpio,iio,hwmon,onewire,thermal,host";

    [Fact]
    public void What_is_recognised_becomes_a_configuration_that_passes_the_check_and_overwrites_nothing()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        File.WriteAllText(folder["agent.json"], $$"""{ /* mine */ {{Read.Cloud(folder)}}, "thermal": [ { "series": "mine" } ], }""");
        string[] scan = ["scan", "--only", WithoutBroker, "--hardware", Sample, "--config", folder["agent.json"], "--write-config", other["found.json"]];

        (int exitCode, string output, string error) = AgentProgram.Run(scan);

        Assert.True(exitCode == 0, error);
        Assert.Contains("28-0316a2795ee4", output, StringComparison.Ordinal);
        Assert.Contains("thermal", error, StringComparison.Ordinal);
        (exitCode, output, error) = AgentProgram.Run("config", "check", "--config", other["found.json"]);
        Assert.True(exitCode == 0, output + error);
        string written = File.ReadAllText(other["found.json"]);
        JsonElement document = JsonDocument.Parse(written).RootElement;
        Assert.Equal("mine", document.GetProperty("thermal")[0].GetProperty("series").GetString());
        Assert.Equal(["bme280"], document.GetProperty("iio").EnumerateArray().Select(entry => entry.GetProperty("device").GetString()));
        Assert.Equal(["ina226", "lm75"], document.GetProperty("hwmon").EnumerateArray().Select(entry => entry.GetProperty("chip").GetString()).Order());
        Assert.Equal("28-0316a2795ee4", document.GetProperty("onewire")[0].GetProperty("sensor").GetString());
        Assert.Equal("host", document.GetProperty("host").GetProperty("series").GetString());

        (exitCode, _, error) = AgentProgram.Run(scan);
        Assert.Equal(1, exitCode);
        Assert.Contains("is not overwritten", error, StringComparison.Ordinal);
        Assert.Equal(written, File.ReadAllText(other["found.json"]));
    }

    [Fact]
    public void The_chips_of_a_simulated_bus_are_found_with_what_reads_them()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["agent.json"],
            $$"""
            { {{Read.Cloud(folder)}},
              "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "bme280", "address": "0x77", "series": "a" }, { "chip": "sht4x", "series": "b" },
                { "chip": "lm75", "series": "c" } ] } ],
              "gpio": [ { "chip": "simulated", "line": "door", "series": "d" } ] }
            """);

        (int exitCode, string output, string error) = AgentProgram.Run("scan", "--only", "i2c,gpio", "--hardware", Sample, "--json", "--config", folder["agent.json"]);

        Assert.True(exitCode == 0, error);
        JsonElement[] findings = [.. JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray()];
        Assert.Equal(
            [("bus simulated, 0x44", "sht4x", "recognised"), ("bus simulated, 0x48", "", "doubtful"), ("bus simulated, 0x77", "bme280", "recognised"),
             ("gpiochip0 (simulated), line 0", "door", "present")],
            findings.Select(finding => (Text(finding, "place"), Text(finding, "name"), Text(finding, "certainty"))));
        Assert.Contains(findings[1].GetProperty("candidates").EnumerateArray(), candidate => candidate.GetString() == "lm75");
        Assert.Equal("0x77", findings[2].GetProperty("entry").GetProperty("address").GetString());
    }

    [Fact]
    public void A_machine_with_nothing_gives_an_empty_table_and_says_where_it_looked()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output, string error) = AgentProgram.Run("scan", "--only", "i2c,gpio,iio,hwmon,onewire,thermal", "--hardware", folder.Path);

        Assert.True(exitCode == 0, error);
        Assert.StartsWith("Nothing was found.", output, StringComparison.Ordinal);
        Assert.Contains($"{folder.Path}/sys/bus/i2c/devices", output, StringComparison.Ordinal);
        Assert.Contains($"{folder.Path}/sys/bus/w1/devices", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--only i2c,hwmom", "\"hwmom\" is nothing that can be looked for. Did you mean \"hwmon\"?")]
    [InlineData("--hardware /there/is/none", "There is no folder /there/is/none.")]
    [InlineData("--seconds 0", "Give --seconds from 1 to 3600.")]
    [InlineData("--broker nowhere/at/all", "Write HOST:PORT")]
    [InlineData("--only thermal --write-config /tmp/there-is-no-such-file.json", "Give --config with a file that has its section \"cloud\".")]
    public void What_is_wrong_with_the_command_is_said_in_one_sentence_with_what_to_do(string arguments, string expected)
    {
        (int exitCode, _, string error) = AgentProgram.Run(["scan", .. arguments.Split(' ')]);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [InstalledFact("mosquitto")]
    public async Task The_topics_of_a_broker_are_listed_with_a_sample_and_become_rules_that_pass_the_check()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await MosquittoPub.SendAsync(broker.Port, "plc/3/temperature", "21.5", "-r");
        await MosquittoPub.SendAsync(broker.Port, "zigbee/door", """{"contact":true,"battery":87}""", "-r");
        await MosquittoPub.SendAsync(broker.Port, "status", "online", "-r");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["agent.json"], $$"""{ {{Read.Cloud(folder)}} }""");

        (int exitCode, string output, string error) = AgentProgram.Run(
            "scan", "--only", "mqtt", "--broker", $"127.0.0.1:{broker.Port}", "--seconds", "1", "--config", folder["agent.json"], "--write-config", folder["found.json"]);

        Assert.True(exitCode == 0, error);
        Assert.Matches(@"plc/3/temperature +number +recognised +such as 21\.5", output);
        Assert.Matches(@"status +text +doubtful +such as online", output);
        (exitCode, output, error) = AgentProgram.Run("config", "check", "--config", folder["found.json"]);
        Assert.True(exitCode == 0, output + error);
        JsonElement source = JsonDocument.Parse(File.ReadAllText(folder["found.json"])).RootElement.GetProperty("mqtt")[0];
        Assert.Equal($"mqtt://127.0.0.1:{broker.Port}", Text(source, "broker"));
        Assert.Equal(["plc/3/temperature", "zigbee/door"], source.GetProperty("subscribe").EnumerateArray().Select(rule => Text(rule, "topic")));
    }

    [Fact]
    public void A_broker_that_is_not_there_is_told_and_the_rest_is_looked_at()
    {
        int port = Loopback.FreePort();

        (int exitCode, string output, string error) = AgentProgram.Run("scan", "--only", "mqtt,thermal", "--hardware", Sample, "--broker", $"127.0.0.1:{port}", "--seconds", "1");

        Assert.True(exitCode == 0, error);
        Assert.Contains($"The broker 127.0.0.1:{port} was not listened to", output, StringComparison.Ordinal);
        Assert.Contains("cpu-thermal", output, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
