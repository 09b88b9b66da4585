using System.Text.Json;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The short forms of bench/EdgeAgent.Torture, as processes. The long ones are run by hand, and with EDGEAGENT_LONG=1.</summary>
public sealed class TortureTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";
    private static readonly TimeSpan Enough = IsLong ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(4);

    [InstalledFact("mosquitto", "/usr/bin/python3", "/usr/lib/python3/dist-packages/paho/mqtt/__init__.py")]
    public async Task Nothing_acknowledged_is_lost_or_doubled_while_agent_service_and_broker_are_killed()
    {
        JsonElement result = await RunAsync("kill", "--rounds", IsLong ? "50" : "3");

        Assert.True(result.GetProperty("acknowledged").GetInt64() > 100, result.ToString());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal(0, result.GetProperty("duplicated").GetInt64());
        Assert.Equal(0, result.GetProperty("repairs_by_hand").GetInt64());
    }

    [InstalledFact("/usr/bin/python3", "/usr/lib/python3/dist-packages/paho/mqtt/__init__.py")]
    public async Task Nothing_acknowledged_is_lost_or_doubled_while_the_network_fails_in_every_way()
    {
        // Which faults the short form meets is left to chance, so that in time it meets all; the long one deals the whole pack.
        JsonElement result = await RunAsync("network", "--rounds", IsLong ? "50" : "4");

        Assert.True(result.GetProperty("acknowledged").GetInt64() > 100, result.ToString());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal(0, result.GetProperty("duplicated").GetInt64());
        Assert.Equal(0, result.GetProperty("repairs_by_hand").GetInt64());
        Assert.Equal(0, result.GetProperty("not_live").GetInt64());
    }

    [Fact]
    public async Task Every_agent_of_a_fleet_that_lost_its_service_at_one_moment_delivers_its_backlog_once()
    {
        JsonElement result = await RunAsync("storm", "--agents", IsLong ? "500" : "20", "--outage", IsLong ? "30" : "2", "--every", IsLong ? "5" : "0.5", "--first", "0.1", "--last", "1");

        Assert.True(result.GetProperty("readings").GetInt64() > 0, result.ToString());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal(0, result.GetProperty("duplicated").GetInt64());
        Assert.True(result.GetProperty("attempts_during_outage").GetInt64() > 0, result.ToString());
    }

    [Fact]
    public async Task Every_reading_of_a_time_offline_that_was_too_long_for_the_spool_is_stored_or_explained()
    {
        // More readings, of values that do not compress, in a smaller spool: full after minutes instead of days.
        JsonElement result = await RunAsync("week", "--hours", IsLong ? "24" : "1", "--rate", "500", "--spool-mib", "4", "--noise", "1000000");

        Assert.True(result.GetProperty("thinned_by_spool").GetInt64() > 0, result.ToString());
        Assert.Equal(0, result.GetProperty("unaccounted").GetInt64());
        Assert.InRange(result.GetProperty("most_file_bytes").GetInt64(), 1, 4 << 20);
    }

    [Fact]
    public async Task A_device_is_reachable_and_on_a_good_configuration_after_revisions_that_are_rejected_reverted_and_applied()
    {
        // One of each; the long form also kills the agent at every step.
        JsonElement result = await RunAsync(
            ["config", .. IsLong ? [] : (string[])["--cases", "wrong port with --bootstrap", "sensors that do not exist", "the cloud moves to another port"]]);

        Assert.InRange(result.GetProperty("cases").GetInt64(), 3, long.MaxValue);
        Assert.Equal(result.GetProperty("cases").GetInt64(), result.GetProperty("recovered").GetInt64());
        Assert.Equal(0, result.GetProperty("unreachable").GetInt64());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal(0, result.GetProperty("duplicated").GetInt64());
    }

    private static async Task<JsonElement> RunAsync(params string[] arguments)
    {
        // From its own output, which lies beside those of the programs that it starts. artifacts/bin/PROJECT/CONFIGURATION/
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "EdgeAgent.Torture", configuration, "EdgeAgent.Torture.dll"));
        (int exitCode, string output) = await ForeignProcess.RunAsync("dotnet", [program, .. arguments, "--json"], Enough);
        Assert.True(exitCode == 0, output);
        return JsonDocument.Parse(output.Split('\n').Last(line => line.StartsWith('{'))).RootElement;
    }
}
