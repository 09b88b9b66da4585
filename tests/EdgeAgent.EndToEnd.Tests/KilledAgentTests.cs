using EdgeAgent.Samples;
using EdgeAgent.Testing;
using Mosquitto = EdgeAgent.Testing.Mosquitto;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The agent as a process of its own, killed without warning, as a power cut does it short of the disk.</summary>
public sealed class KilledAgentTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("always")]
    [InlineData("offline-only")]
    public async Task Whatever_was_acknowledged_before_kill_9_is_stored_once_after_the_restart(string durability)
    {
        await using Cloud cloud = await Cloud.StartAsync();
        int port = Loopback.FreePort();
        string file = AgentSettings.Write(cloud, $$"""
            "mqtt": [ { "listen": "mqtt://127.0.0.1:{{port}}", "rules": [ { "topic": "counter", "series": "counter" } ] } ]
            """, durability);
        var acknowledged = new List<int>();
        int next = 0;
        const int kills = 4;
        for (int life = 0; life < kills; life++)
        {
            await using ForeignProcess agent = StartAgent(file);
            await Loopback.WaitForPortAsync(port, Enough);
            var publisher = new SteadyPublisher(port, next);
            Task publishing = publisher.RunAsync(CancellationToken.None);
            // Different lengths of life, so that the kill meets the agent at different work.
            await Eventually.TrueAsync(() => publisher.Acknowledged.Count > 50 + (life * 200) || agent.HasExited, Enough, $"publishes are acknowledged; it said {agent.Output}");
            agent.Kill();
            await publishing;
            acknowledged.AddRange(publisher.Acknowledged);
            next = publisher.Next;
        }

        await using ForeignProcess last = StartAgent(file);
        await Eventually.TrueAsync(() => !acknowledged.Except(Stored(cloud)).Any(), Enough, "everything acknowledged is stored");

        List<int> stored = Stored(cloud);
        Assert.True(acknowledged.Count > kills * 50);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.All(stored, number => Assert.InRange(number, 0, next - 1));
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task What_mosquitto_sends_again_after_kill_9_is_stored_once_though_memory_may_hold_readings()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await using Mosquitto broker = await Mosquitto.StartAsync(static _ => $"{MosquittoSettings.Anonymous}\nlog_type all");
        string file = AgentSettings.Write(cloud, $$"""
            "mqtt": [ { "broker": "mqtt://127.0.0.1:{{broker.Port}}", "clientId": "{{Cloud.Device}}", "subscribe": [ { "topic": "counter", "series": "counter" } ] } ]
            """, "offline-only");
        const int each = 300;
        for (int life = 0; life < 4; life++)
        {
            await using ForeignProcess agent = StartAgent(file);
            int known = Stored(cloud).Count;
            await Eventually.TrueAsync(() => broker.Output.Contains("SUBACK", StringComparison.Ordinal) || agent.HasExited, Enough, "the agent subscribes");
            string lines = cloud.Folder[$"lines-{life}"];
            await File.WriteAllLinesAsync(lines, Enumerable.Range(life * each, each).Select(static number => $"{number}"));
            Task publishing = MosquittoPub.SendLinesAsync(broker.Port, "counter", lines, Enough);
            // Killed while some of it is stored, some on its way, some not come.
            await Eventually.TrueAsync(() => Stored(cloud).Count > known + 20 || agent.HasExited, Enough, $"readings are stored; it said {agent.Output}");
            agent.Kill();
            await publishing;
        }

        await using ForeignProcess last = StartAgent(file);
        int[] all = [.. Enumerable.Range(0, 4 * each)];
        await Eventually.TrueAsync(() => !all.Except(Stored(cloud)).Any(), Enough, "everything published is stored");
        Assert.Equal(all, Stored(cloud).Order());
    }

    private static ForeignProcess StartAgent(string file) => ForeignProcess.Start("dotnet", ShippedProgram.Agent, "run", "--config", file);

    private static List<int> Stored(Cloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        return [.. database.All().Select(row => (int)row.Value)];
    }
}
