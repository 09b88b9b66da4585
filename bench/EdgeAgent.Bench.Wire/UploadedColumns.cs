using System.Buffers;
using System.Net;
using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Samples.Telemetry;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Bench.Wire;

/// <summary>When batches are sent.</summary>
internal enum Sending
{
    /// <summary>All lie in the spool already: sessions are as full as they may be.</summary>
    Backlog,

    /// <summary>Each batch is sent when it is made, in a session of its own, over a connection that stays.</summary>
    Live,
}

/// <summary>The product itself: encoder, spool, uplink, TLS, the service with its database. The relay between both sides counts.</summary>
internal static class UploadedColumns
{
    /// <returns>Bytes in both directions, and how many readings the service has stored by its own count.</returns>
    public static async Task<(long Bytes, long Stored)> MeasureAsync(IReadOnlyList<Sample[]> batches, Sending sending)
    {
        using var folder = new TemporaryFolder();
        DevelopmentAuthority.Create(folder["certificates"], ["bench"], []);
        await using IngestionHost service = await IngestionHost.StartAsync(
            new IngestionOptions
            {
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Web = new IPEndPoint(IPAddress.Loopback, 0),
                Data = folder["ingestion"],
                CertificateFile = folder["certificates/server.crt"],
                KeyFile = folder["certificates/server.key"],
                ClientAuthorityFile = folder["certificates/ca.crt"],
            },
            CancellationToken.None);
        await using var relay = new TcpRelay(service.IngestPort);

        SeriesCatalog catalog = Catalog();
        await using ServiceProvider agent = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(catalog)
            .AddSingleton<AgentMetrics>()
            .AddClock(new ClockOptions { Trust = ClockTrust.Always }, new SpoolOptions { Path = folder["spool"] }, TimeProvider.System)
            .AddSpool(new SpoolOptions { Path = folder["spool"] }, BatchCompression.Gzip)
            .AddUplink(new UplinkOptions
            {
                Endpoint = new Uri($"https://localhost:{relay.Port}"),
                AuthorityFile = folder["certificates/ca.crt"],
                CertificateFile = folder["certificates/device-bench.crt"],
                KeyFile = folder["certificates/device-bench.key"],
                SessionLinger = TimeSpan.Zero,
            })
            .BuildServiceProvider();
        IHostedService[] parts = [.. agent.GetServices<IHostedService>()];
        await parts[0].StartAsync(CancellationToken.None);
        SpoolQueue queue = agent.GetRequiredService<SpoolSlot>().Current.Spool[SpoolLane.Live];
        var writer = new BatchWriter(catalog, queue);
        if (sending == Sending.Live)
        {
            await parts[1].StartAsync(CancellationToken.None);
        }
        foreach (Sample[] batch in batches)
        {
            await writer.WriteAsync(batch);
            if (sending == Sending.Live)
            {
                await ReleasedAsync(queue);
            }
        }
        if (sending == Sending.Backlog)
        {
            await parts[1].StartAsync(CancellationToken.None);
        }
        await ReleasedAsync(queue);
        foreach (IHostedService part in parts.Reverse())
        {
            await part.StopAsync(CancellationToken.None);
        }
        return (relay.Upstream + relay.Downstream, agent.GetRequiredService<AgentMetrics>().ReadingsAcknowledged.Value);
    }

    private static Task ReleasedAsync(SpoolQueue queue) =>
        Eventually.TrueAsync(() => queue.Released == queue.Tail, TimeSpan.FromMinutes(2), "the service has acknowledged everything", TimeSpan.FromMilliseconds(0.2));

    private static SeriesCatalog Catalog()
    {
        var catalog = new SeriesCatalog();
        foreach ((string name, string unit) in OfficeRoom.Series)
        {
            catalog.TryRegister(name, unit, new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out _);
        }
        return catalog;
    }

    /// <summary>What the batcher does with a batch that closes, without its clock: the telemetry is of years ago.</summary>
    private sealed class BatchWriter(SeriesCatalog catalog, SpoolQueue queue) : ISeriesDefinitions
    {
        private readonly BatchEncoder _encoder = new();
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public SeriesDefinition this[uint reference] => catalog[new SeriesId((int)reference - 1)].Definition;

        public async Task WriteAsync(Sample[] batch)
        {
            foreach (Sample sample in batch)
            {
                _encoder.Add((uint)sample.Series + 1, SeriesKind.Number, sample.UnixNanoseconds, sample.Value, null, Quality.Good);
            }
            ulong dictionary = queue.PrepareAppend(_encoder.MaximumBytes(this));
            _bytes.ResetWrittenCount();
            _encoder.Encode(dictionary, this, BatchCompression.Gzip, _bytes);
            queue.Append(_bytes.WrittenSpan, (uint)batch.Length);
            await queue.CommitAsync();
        }
    }
}
