using EdgeAgent.Testing;
using EdgeAgent.Torture;
using EdgeAgent.Torture.Network;

namespace EdgeAgent.Bench.Uplink;

/// <summary>What passes in both directions while a device has next to nothing to say.</summary>
/// <param name="Minutes">For so long it was measured, after the connection stood.</param>
/// <param name="QuietBytesADay">Nothing is published. The agent closes its connection after a time, so this is an upper bound.</param>
/// <param name="BatchBytesADay">One message a minute, thus a session each minute.</param>
internal sealed record Idle(int Minutes, double QuietBytesADay, double BatchBytesADay)
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    public static async Task<Idle> MeasureAsync(Site site, int minutes)
    {
        int servicePort = Loopback.FreePort(), intakePort = Loopback.FreePort();
        await using Supervised service = site.Service("idle", servicePort);
        await using var proxy = new FaultProxy(servicePort, new Random(1));
        await using Supervised agent = site.Agent("idle", proxy.Port, intakePort);
        service.Start();
        await service.ReadyAsync();
        agent.Start();
        await agent.ReadyAsync();
        using var plant = new Plant(intakePort);
        await plant.ConnectAsync();
        using var database = new StoredRows(site.DatabaseFile("idle"));
        long expected = 0;

        await PublishOneAsync();
        double quiet = await BytesADayAsync(() => Task.CompletedTask);
        // The quiet time may have cost the connection.
        await PublishOneAsync();
        double batches = await BytesADayAsync(PublishOneAsync);
        return new Idle(minutes, quiet, batches);

        async Task PublishOneAsync()
        {
            expected += Site.ValuesPerMessage;
            await plant.PublishOneAsync();
            await Eventually.TrueAsync(() => database.CountReceived().Readings >= expected, Enough, "the message is stored");
        }

        async Task<double> BytesADayAsync(Func<Task> eachMinute)
        {
            // The receipt, and what follows it.
            await Task.Delay(TimeSpan.FromSeconds(1));
            long before = proxy.Upstream + proxy.Downstream;
            for (int minute = 0; minute < minutes; minute++)
            {
                await Task.Delay(TimeSpan.FromMinutes(1));
                await eachMinute();
            }
            await Task.Delay(TimeSpan.FromSeconds(1));
            return (proxy.Upstream + proxy.Downstream - before) * (24.0 * 60 / minutes);
        }
    }
}
