using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Samples;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary><c>edge-agent doctor</c> and <c>edge-agent drill</c>, as they are started, against the real service.</summary>
[Collection(CommandLine.Collection)]
public sealed class DoctorTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_device_that_the_service_accepts_passes_beside_its_running_agent_and_stores_nothing()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        string file = AgentSettings.Write(cloud, "\"mqtt\": []");
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, "\"mqtt\": []");
        await agent.StartAsync();

        JsonElement[] found = Doctor(file, "cloud,certificate,clock,dns,proxy");
        await agent.StopAsync();

        Assert.All(found.Where(one => Text(one, "check") is "cloud" or "dns" or "proxy"), one => Assert.True(Text(one, "verdict") == "pass", one.ToString()));
        Assert.DoesNotContain(found, one => Text(one, "verdict") == "fail");
        Assert.Contains(found, one => Text(one, "seen") == "It accepts this device.");
        Assert.Equal("pass", Text(found.Single(one => Text(one, "check") == "clock" && Text(one, "subject") == "service"), "verdict"));
        using StoredReadings database = cloud.OpenDatabase();
        Assert.Empty(database.All());
    }

    [Fact]
    public async Task What_is_wrong_on_the_way_to_the_service_is_told_in_words_with_what_to_do()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        using var stranger = new TestAuthority("Somebody else");
        string file = AgentSettings.Write(cloud, "\"mqtt\": []"), good = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, good.Replace("https://localhost:", "https://127.0.0.1:", StringComparison.Ordinal).Replace($":{cloud.Network.Port}", ":1", StringComparison.Ordinal));
        JsonElement refused = Doctor(file, "cloud").Single();
        string other = cloud.Folder["other.crt"];
        await File.WriteAllTextAsync(other, stranger.RootPem);
        await File.WriteAllTextAsync(file, good.Replace($"{cloud.Certificates}/ca.crt", other, StringComparison.Ordinal));
        JsonElement untrusted = Doctor(file, "cloud").Single();

        Assert.Equal(("fail", "fail"), (Text(refused, "verdict"), Text(untrusted, "verdict")));
        Assert.Contains("Nobody listens", Text(refused, "seen"), StringComparison.Ordinal);
        Assert.Contains("firewalls", Text(refused, "remedy"), StringComparison.Ordinal);
        Assert.Contains("cloud.ca", Text(untrusted, "remedy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_the_service_does_not_accept_is_told_so_in_the_services_words()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        using var stranger = new TestAuthority("Somebody else");
        using var device = stranger.IssueDevice(Cloud.Device);
        (string certificate, string key) = TestAuthority.WritePem(device, cloud.Folder.Path, "stranger");
        string file = AgentSettings.Write(cloud, "\"mqtt\": []");
        string prefix = $"{cloud.Certificates}/device-{Cloud.Device}";
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file))
            .Replace($"{prefix}.crt", certificate, StringComparison.Ordinal).Replace($"{prefix}.key", key, StringComparison.Ordinal));

        JsonElement[] found = Doctor(file, "cloud");

        Assert.Contains(found, one => Text(one, "verdict") == "fail" && Text(one, "remedy").Length > 0);
    }

    /// <summary>With EDGEAGENT_LONG=1 all of them, and long enough for a disk to fill.</summary>
    public static TheoryData<string, string, string> Drills => Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1"
        ? new() { { "outage", "--seconds", "12" }, { "powercut", "--rounds", "20" }, { "diskfull", "--seconds", "12" }, { "clock", "--seconds", "6" } }
        : new() { { "powercut", "--rounds", "1" }, { "clock", "--seconds", "1" } };

    [Fact]
    public async Task A_device_in_quarantine_is_told_so_with_the_way_out()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        string file = AgentSettings.Write(cloud, "\"mqtt\": []");
        (int exitCode, string output, string error) = CommandLine.Run(
            typeof(IngestionHost).Assembly, ["device", Cloud.Device, "quarantine", "--reason", "It was found on the road.", .. cloud.CommandOptions]);
        Assert.True(exitCode == 0, output + error);

        JsonElement[] found = Doctor(file, "cloud");

        JsonElement refused = found.Single(one => Text(one, "verdict") == "fail");
        Assert.Contains("It was found on the road.", Text(refused, "seen"), StringComparison.Ordinal);
        Assert.Contains("edge-ingestion device NAME release", Text(refused, "remedy"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Drills))]
    public async Task A_drill_of_a_sound_program_loses_nothing_and_leaves_nothing_behind(string drill, string option, string value)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "dotnet", [Program(), "drill", drill, "--folder", folder.Path, option, value, "--json", "--config", Path.Join(DefaultConfiguration(folder), "agent.json")], Enough);

        Assert.True(exitCode == 0, output);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("pass", 0, 0), (Text(report, "verdict"), report.GetProperty("lost").GetInt32(), report.GetProperty("duplicated").GetInt32()));
        Assert.True(report.GetProperty("acknowledged").GetInt32() > 0);
        Assert.True(drill != "diskfull" || report.GetProperty("accounted").GetInt64() > 0, output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, "drill-*"));
    }

    /// <summary>A drill reads of the configuration how its own spool is to be: one of simulated weather will do.</summary>
    private static string DefaultConfiguration(TemporaryFolder folder)
    {
        File.WriteAllText(folder["agent.json"], $$"""{ "cloud": { "endpoint": "https://localhost:1" }, "device": { "state": "{{folder.Path}}" }, "spool": { "path": "{{folder["spool"]}}" } }""");
        return folder.Path;
    }

    private static JsonElement[] Doctor(string file, string only)
    {
        (_, string output, string error) = CommandLine.Run(typeof(AgentHost).Assembly, "doctor", "--config", file, "--only", only, "--json");
        Assert.True(output.StartsWith('{'), output + error);
        return [.. JsonDocument.Parse(output).RootElement.GetProperty("checks").EnumerateArray()];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Program() =>
        // From its own output: beside the tests lie other dependencies than it was built with. artifacts/bin/PROJECT/CONFIGURATION/
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "EdgeAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "edge-agent.dll"));
}
