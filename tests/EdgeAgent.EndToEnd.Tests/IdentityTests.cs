using EdgeAgent.Testing;
using EdgeAgent.Torture;
using EdgeAgent.Torture.Config;
using EdgeAgent.Torture.Config.Identity;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>How a device becomes somebody and stays it: both programs as they are shipped, over real TLS, with the service's own authority.</summary>
public sealed class IdentityTests
{
    private const string Device = "pump-7";

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    /// <summary>Those of the torture; with EDGEAGENT_LONG=1 all of them.</summary>
    public static TheoryData<string> Cases =>
    [
        .. IdentityCases.All.Select(static one => one.Name)
            .Where(static name => IsLong || name is "renewed while readings are uploaded" or "revoked while streaming, and restored"),
    ];

    [Fact]
    public async Task A_token_of_the_service_makes_a_device_whose_readings_are_stored_under_its_name()
    {
        using var folder = new TemporaryFolder();
        int port = Loopback.FreePort(), webPort = Loopback.FreePort();
        string agent = ShippedProgram.Agent, ingestion = ShippedProgram.Ingestion;
        await using var service = new Supervised(
            "service", port, "dotnet", ingestion, "serve", "--data", folder["data"], "--listen", $"127.0.0.1:{port}", "--web", $"127.0.0.1:{webPort}");
        service.Start();
        await service.ReadyAsync();
        await File.WriteAllTextAsync(folder["agent.json"], $$"""
            {
              "device": { "state": "{{folder["state"]}}" },
              "cloud": { "endpoint": "https://localhost:{{port}}", "proxy": "none", "backoffFirst": "50ms", "backoffLast": "500ms", "sessionTime": "1s" },
              "spool": { "path": "{{folder["spool"]}}" }, "batch": { "maximumAge": "200ms" },
              "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "air", "interval": "1s" } ] } ]
            }
            """);

        string created = await RunAsync(
            ingestion, "token", "create", "--device", Device, "--ttl", "24h", "--server", $"http://127.0.0.1:{webPort}", "--data", folder["data"]);
        string token = created.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Single(line => !line.Contains(' ', StringComparison.Ordinal));
        string enrolled = await RunAsync(agent, "enroll", "--token", token, "--ca", folder["data/authority/1/ca.crt"], "--config", folder["agent.json"]);
        Assert.Contains($"This device is enrolled as {Device}", enrolled, StringComparison.Ordinal);

        // Without --ca: it trusts the roots that came with the certificate.
        await using ForeignProcess running = ForeignProcess.Start("dotnet", agent, "run", "--config", folder["agent.json"]);
        using var rows = new StoredRows(folder["data/readings.db"]);
        await Eventually.TrueAsync(
            () => rows.ByDevice("air/temperature").Any(static row => row.Device == Device), Enough, () => $"readings are stored. The agent said: {running.Output}");
        Assert.All(rows.ByDevice("air/temperature"), static row => Assert.Equal(Device, row.Device));
    }

    [InstalledTheory("strace", "/usr/bin/python3", "/usr/lib/python3/dist-packages/paho/mqtt/__init__.py")]
    [MemberData(nameof(Cases))]
    public async Task Whatever_is_done_to_an_identity_the_device_is_reachable_after_it_and_nothing_is_lost_or_doubled(string name)
    {
        CaseResult result = await IdentityCases.All.Single(one => one.Name == name).RunAsync(CancellationToken.None);

        Assert.True(result is { IsReachable: true, IsRecovered: true, Lost: 0, Duplicated: 0 }, result.ToString());
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync("dotnet", [program, .. arguments], Enough);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
