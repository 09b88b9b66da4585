using EdgeAgent.Commands;
using EdgeAgent.Samples;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The network and the service fail in every way that a relay can imitate; what was acknowledged arrives, once.</summary>
public sealed class OutageTests
{
    private const string Counter = """
        "mqtt": [ { "listen": "mqtt://127.0.0.1:0", "rules": [ { "topic": "counter", "series": "counter" } ] } ]
        """;

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_connections_are_cut_and_refused_while_data_flows() =>
        await SurviveAsync(async cloud =>
        {
            for (int outage = 0; outage < 5; outage++)
            {
                cloud.Network.Cut();
                await Task.Delay(300);
                cloud.Network.Restore();
                await Task.Delay(300);
            }
        });

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_the_line_goes_silent_and_nobody_says_so() =>
        await SurviveAsync(async cloud =>
        {
            cloud.Network.Freeze();
            // Longer than the agent's deadline for a receipt, so that it gives the connection up by itself.
            await Task.Delay(3_000);
            cloud.Network.Restore();
        });

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_the_service_restarts_while_data_flows() =>
        await SurviveAsync(async cloud =>
        {
            for (int restart = 0; restart < 3; restart++)
            {
                await cloud.RestartServiceAsync();
                await Task.Delay(300);
            }
        });

    private static async Task SurviveAsync(Func<Cloud, Task> trouble)
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, Counter);
        await agent.StartAsync();
        var publisher = new SteadyPublisher((await agent.IntakesAsync())[0].Port, 0);
        using var stop = new CancellationTokenSource();
        Task publishing = publisher.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => publisher.Acknowledged.Count > 100, Enough, "publishes are acknowledged");

        await trouble(cloud);
        int acknowledgedDuringTrouble = publisher.Acknowledged.Count;
        await stop.CancelAsync();
        await publishing;
        await Eventually.TrueAsync(() => Stored(cloud).Count >= publisher.Acknowledged.Count, Enough, "the backlog is drained");
        await agent.StopAsync();

        // The publisher never repeats a number, so that any repetition in the database is ours.
        Assert.True(acknowledgedDuringTrouble > 100);
        Assert.Equal(publisher.Acknowledged.Order(), Stored(cloud).Order());
    }

    private static List<int> Stored(Cloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        return [.. database.All().Select(row => (int)row.Value)];
    }
}
