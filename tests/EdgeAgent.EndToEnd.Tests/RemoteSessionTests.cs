using System.CommandLine;
using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Ingestion.Commands;
using EdgeAgent.RemoteSession;
using EdgeAgent.Samples;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>edge-ingestion device NAME …, over the admin API, a real service, TLS, and a whole agent.</summary>
public sealed class RemoteSessionTests
{
    private const string Sources = """
        "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "cabinet/air", "interval": "1h" } ] } ],
        "gpio": [
            { "chip": "simulated", "line": "fan", "mode": "output", "series": "fan" },
            { "chip": "simulated", "line": "pump", "mode": "output", "series": "pump" },
            { "chip": "simulated", "line": "door", "series": "door", "pattern": "door", "period": "1h" } ]
        """;

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_connected_agent_answers_what_its_own_file_allows()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await using AgentHost agent = AgentSettings.CreateAgent(
            cloud, Sources + """, "remote": { "allow": [ "read", "status", "spool", "logs", "log-level", "output:fan" ] }""");
        await agent.StartAsync();

        // A sensor that is read once an hour, now; and what is read is stored.
        (int exit, string output, _) = await RunAsync(cloud, "read", "cabinet/air/temperature", "--json");
        Assert.Equal(0, exit);
        JsonElement value = Json(output).GetProperty("values").EnumerateArray().Single();
        Assert.Equal(("cabinet/air/temperature", "Cel", "good"), (Text(value, "series"), Text(value, "unit"), Text(value, "quality")));
        using StoredReadings database = cloud.OpenDatabase();
        await Eventually.TrueAsync(() => database.Numbers("cabinet/air/temperature").Any(), Enough, "the reading that was asked for is stored");

        (exit, output, _) = await RunAsync(cloud, "status", "--json");
        JsonElement status = Json(output).GetProperty("document");
        Assert.Equal((0, "sound", "information"), (exit, Text(status, "spool"), Text(status, "logLevel")));
        Assert.Contains(status.GetProperty("series").EnumerateArray(), series => Text(series, "name") == "cabinet/air/temperature" && series.GetProperty("readings").GetInt64() >= 1);
        Assert.True(status.GetProperty("uplink").GetProperty("acknowledgedSecondsAgo").GetDouble() >= 0);
        (exit, output, _) = await RunAsync(cloud, "spool", "--json");
        Assert.Equal(0, exit);
        Assert.True(Json(output).GetProperty("document").GetProperty("lanes").TryGetProperty("alarm", out _));

        Assert.Equal(0, (await RunAsync(cloud, "log-level", "debug", "--for", "10m")).ExitCode);
        Assert.Equal("debug", Text(Json((await RunAsync(cloud, "status", "--json")).Output).GetProperty("document"), "logLevel"));
        (exit, output, _) = await RunAsync(cloud, "logs", "-n", "50");
        Assert.Equal(0, exit);
        Assert.Contains("asked from afar: log-level debug", output, StringComparison.Ordinal);

        // Whatever the service says: what the file does not name is not done.
        (exit, output, _) = await RunAsync(cloud, "output", "fan", "on");
        Assert.Equal((0, "fan is on."), (exit, output.Trim()));
        (exit, _, string refused) = await RunAsync(cloud, "output", "pump", "on");
        Assert.Equal(3, exit);
        Assert.Contains("output:pump", refused, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync(cloud, "restart")).ExitCode);
        Assert.Equal(1, (await RunAsync(cloud, "read", "cellar")).ExitCode);
        Assert.Contains("not read at a rate", (await RunAsync(cloud, "read", "door")).Error, StringComparison.Ordinal);
        Assert.Equal(OutputOutcome.Set, agent.Services.GetRequiredService<IOutputs>().TrySet("pump", true));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_restart_is_answered_before_the_agent_ends_in_order_and_says_so()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, Sources + """, "remote": { "allow": [ "restart" ] }""");
        Task running = agent.RunAsync();
        (int exit, string output, string error) = await RunAsync(cloud, "restart");
        Assert.True(exit == 0, error);
        Assert.Contains("started again", output, StringComparison.Ordinal);
        await running.WaitAsync(Enough);
        Assert.True(agent.IsRestartWished);
    }

    [Fact]
    public async Task A_session_comes_back_after_the_line_and_the_service_were_away_and_a_device_that_is_off_times_out()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await using (AgentHost agent = AgentSettings.CreateAgent(cloud, Sources))
        {
            await agent.StartAsync();
            Assert.Equal(0, (await RunAsync(cloud, "status")).ExitCode);
            await cloud.RestartServiceAsync();
            Assert.Equal(0, (await RunAsync(cloud, "status")).ExitCode);
            await agent.StopAsync();
        }
        (int exit, _, string error) = await RunAsync(cloud, "status", "--wait", "1s");
        Assert.Equal(4, exit);
        Assert.Contains("no session", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_allows_nothing_opens_no_session()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, Sources + """, "remote": { "allow": [ "none" ] }""");
        Assert.Null(agent.Services.GetService<SessionService>());
        await agent.StartAsync();
        Assert.Equal(4, (await RunAsync(cloud, "status", "--wait", "2s")).ExitCode);
        await agent.StopAsync();
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(Cloud cloud, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var root = new RootCommand { DeviceCommand.Create() };
        int exit = await root.Parse(["device", Cloud.Device, .. arguments, .. cloud.CommandOptions]).InvokeAsync(configuration);
        return (exit, output.ToString(), error.ToString());
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
