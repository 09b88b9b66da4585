using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Tests.Batching;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Tests.Uplink;

/// <summary>Channel, batcher, spool and uplink as the host puts them together.</summary>
public sealed class SinkTests
{
    [Fact]
    public async Task What_is_written_to_the_channel_is_acknowledged_when_durable_and_arrives_in_the_cloud()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        var publisher = new Acknowledgements();
        using (IHost host = CreateHost(rig))
        {
            await host.StartAsync();
            ReadingChannel channel = host.Services.GetRequiredService<ReadingChannel>();
            SeriesCatalog catalog = host.Services.GetRequiredService<SeriesCatalog>();
            Assert.True(catalog.TryRegister("live", "Cel", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? live));
            Assert.True(catalog.TryRegister("alarm", "", new Dictionary<string, string>(), SeriesKind.Boolean, SpoolLane.Alarm, out Series? alarm));
            for (int i = 0; i < 1_000; i++)
            {
                Reading reading = i % 10 == 0 ? Reading.OfBoolean(alarm.Id, i, true) : Reading.OfNumber(live.Id, i, i);
                await channel.WriteAsync(reading.Settling(new Delivery(publisher, i)), CancellationToken.None);
            }
            await publisher.WaitForAsync(1_000);
            await rig.Cloud.WaitUntilAsync(cloud => Readings(cloud, Lane.Live) == 900 && Readings(cloud, Lane.Alarm) == 100);
            await host.StopAsync();
        }

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (long)i), publisher.All);
        Assert.Equal(0, rig.Cloud.Duplicates);
    }

    [Fact]
    public void An_endpoint_without_TLS_is_refused()
    {
        var options = new UplinkOptions { Endpoint = new Uri("http://localhost:8080") };

        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddUplink(options));
    }

    private static long Readings(ScriptedCloud cloud, Lane lane) =>
        cloud.Stored.Where(record => record.Key.Lane == lane).Sum(record => (long)record.Value.Readings);

    private static IHost CreateHost(UplinkRig rig)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(TestClocks.Right())
            .AddSingleton(new SeriesCatalog())
            .AddSingleton(new ReadingChannel())
            .AddSingleton(static _ => new AgentMetrics())
            .AddSpool(new SpoolOptions { Path = rig.Folder["agent"], FreeSpaceFloor = 0 }, BatchCompression.Gzip)
            .AddUplink(rig.Options)
            .AddBatching(new BatchOptions(), new FlashOptions());
        return builder.Build();
    }
}
