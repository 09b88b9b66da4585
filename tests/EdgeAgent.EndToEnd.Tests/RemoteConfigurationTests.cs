using System.Net.Http.Headers;
using System.Net.Http.Json;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Samples;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>What people push by the admin API, over a real service, TLS, and a whole agent that takes revisions.</summary>
public sealed class RemoteConfigurationTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_pushed_revision_adds_sensors_without_a_restart_and_its_end_by_hand_is_reported()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        string file = AgentSettings.Write(cloud, $$"""
            "remote": { "trial": "10s" },
            "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "cabinet", "interval": "200ms" } ] } ]
            """);
        using var stop = new CancellationTokenSource();
        await using AgentProcess agent = AgentProcess.Create(file, out IReadOnlyList<ConfigError> errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
        Task<int> running = Task.Run(() => agent.RunAsync(stop.Token));
        using var person = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{cloud.WebPort}{AdminApi.Prefix}/config/") };
        person.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LocalToken.Read(LocalToken.PathIn(cloud.Folder["ingestion"])));
        await StateAsync(person, "own-file");
        AgentHost inside = agent.Host!;

        const string Document = """
            { // beside the one of its own file, which is read more often
              "i2c": [ { "bus": "simulated", "sensors": [
                { "chip": "sht3x", "series": "cabinet", "interval": "100ms" }, { "chip": "bme280", "series": "hall", "interval": "200ms" } ] } ] }
            """;
        using HttpResponseMessage pushed = await person.PostAsJsonAsync("push", new PushRequest($"device:{Cloud.Device}", Document), ConfigJson.Default.PushRequest);
        Assert.True(pushed.IsSuccessStatusCode, await pushed.Content.ReadAsStringAsync());
        DeviceConfigView applied = await StateAsync(person, "applied");

        Assert.Same(inside, agent.Host);
        using StoredReadings database = cloud.OpenDatabase();
        await Eventually.TrueAsync(() => database.Numbers("hall/temperature").Any(), Enough, "readings of the new sensor are stored");
        Assert.Equal((1, "applied", 1), (applied.Number, applied.Report!.Outcome, applied.Report.Running));

        // As edge-agent config rollback does it.
        RollbackRequest.Write(RevisionStore.FolderIn(cloud.Folder["state"]), 1);
        agent.Reload();
        ReportView over = (await StateAsync(person, "reverted")).Report!;
        Assert.Equal(("reverted", 0), (over.Outcome, over.Running));
        Assert.Contains("by hand", over.Errors[0].Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Enough));
    }

    /// <summary>Until the service says that of the device.</summary>
    private static async Task<DeviceConfigView> StateAsync(HttpClient person, string state)
    {
        DeviceConfigView? seen = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage answer = await person.GetAsync($"devices/{Cloud.Device}");
                seen = answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync(ConfigJson.Default.DeviceHistoryView))!.Device : seen;
                return seen?.State == state;
            },
            Enough, () => $"the device is {state}; it is {seen}");
        return seen!;
    }
}
