using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The device's disk takes nothing: what that costs is known in the cloud, by number and cause.</summary>
public sealed class SpoolTroubleTests
{
    private const int Produced = 20_000;

    [Fact]
    public async Task An_agent_that_starts_without_a_disk_keeps_what_memory_holds_and_tells_the_cloud_how_much_that_was_not()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await File.WriteAllTextAsync(cloud.Folder["spool"], "This is where the folder should be.");
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, "\"mqtt\": []");
        await agent.StartAsync();
        ReadingChannel channel = agent.Services.GetRequiredService<ReadingChannel>();
        Assert.True(agent.Catalog.TryRegister("s", "", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? series));
        int lost = 0;
        for (int i = 0; i < Produced; i++)
        {
            lost += channel.WriteOrLose(Reading.OfNumber(series.Id, 1_767_225_600_000_000_000 + i, i), series.Lane) ? 0 : 1;
        }
        Assert.Equal(1, agent.Metrics.SpoolAlarm.Value);

        File.Delete(cloud.Folder["spool"]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{cloud.WebPort}/") };
        (long Stored, long Lost) books = default;
        await Eventually.TrueAsync(
            () =>
            {
                using JsonDocument summary = JsonDocument.Parse(client.GetStringAsync(new Uri("api/summary", UriKind.Relative)).GetAwaiter().GetResult());
                books = (summary.RootElement.GetProperty("readings").GetInt64(), summary.RootElement.GetProperty("readingsLost").GetInt64());
                return books.Stored + books.Lost >= Produced;
            },
            TimeSpan.FromMinutes(1), () => $"all {Produced} are stored or told as lost; {books} are");
        await agent.StopAsync();

        Assert.Equal((Produced - lost, lost), books);
        Assert.Equal(0, agent.Metrics.SpoolAlarm.Value);
    }
}
