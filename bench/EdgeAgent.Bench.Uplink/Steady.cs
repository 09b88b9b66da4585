using System.Globalization;
using EdgeAgent.Testing;
using EdgeAgent.Torture;
using EdgeAgent.Torture.Network;
using MQTTnet;

namespace EdgeAgent.Bench.Uplink;

/// <summary>What a sensor costs that is read once a second and waits for nobody: batches close by their age.</summary>
/// <param name="Minutes">For so long it was measured, after the first batch was stored.</param>
/// <param name="Up">Bytes that the agent sent for each reading that was stored: whole batches do not fit into the minutes exactly.</param>
/// <param name="Down">Bytes that it received for each.</param>
/// <param name="Readings">Stored in that time.</param>
internal sealed record Steady(int Minutes, double Up, double Down, long Readings)
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(10);

    public static async Task<Steady> MeasureAsync(Site site, int minutes)
    {
        int servicePort = Loopback.FreePort(), intakePort = Loopback.FreePort();
        await using Supervised service = site.Service("steady", servicePort);
        await using var proxy = new FaultProxy(servicePort, new Random(1));
        await using Supervised agent = site.Agent("steady", proxy.Port, intakePort);
        service.Start();
        await service.ReadyAsync();
        agent.Start();
        await agent.ReadyAsync();
        using var stop = new CancellationTokenSource();
        Task publishing = PublishAsync(intakePort, stop.Token);
        using var database = new StoredRows(site.DatabaseFile("steady"));
        await Eventually.TrueAsync(() => database.CountReceived().Readings > 0, Enough, "the first batch is stored");
        // The receipt, and what follows it.
        await Task.Delay(TimeSpan.FromSeconds(1));
        (long up, long down, long before) = (proxy.Upstream, proxy.Downstream, database.CountReceived().Readings);
        await Task.Delay(TimeSpan.FromMinutes(minutes));
        long stored = database.CountReceived().Readings - before;
        var result = new Steady(minutes, (double)(proxy.Upstream - up) / stored, (double)(proxy.Downstream - down) / stored, stored);
        await stop.CancelAsync();
        await publishing;
        return result;
    }

    private static async Task PublishAsync(int port, CancellationToken stopping)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("meter").Build(), CancellationToken.None);
        var random = new Random(1);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (int hundredths = 2_000; !stopping.IsCancellationRequested; hundredths += random.Next(-2, 3))
        {
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("meter").WithPayload((hundredths / 100.0m).ToString(CultureInfo.InvariantCulture)).Build(),
                CancellationToken.None);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
