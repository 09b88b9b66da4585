using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EdgeAgent.Bench.Store;

/// <summary>The service on PostgreSQL, and a device for each connection that uploads sessions of ten records, made beforehand.</summary>
internal sealed class UploadedSessions : IAsyncDisposable
{
    private const int RecordsInSession = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly List<GrpcChannel> _channels = [];
    private readonly List<UploadRequest[]> _records = [];
    private IngestionHost _host = null!;

    public static async Task<UploadedSessions> StartAsync(string connection, int millions)
    {
        var sessions = new UploadedSessions();
        string ca = sessions._folder["ca"];
        string[] devices = [.. Enumerable.Range(0, Telemetry.Devices).Select(device => $"device-{device}")];
        DevelopmentAuthority.Create(ca, devices, []);
        sessions._host = await IngestionHost.StartAsync(
            new IngestionOptions
            {
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Web = new IPEndPoint(IPAddress.Loopback, 0),
                Data = sessions._folder["data"],
                CertificateFile = Path.Combine(ca, "server.crt"),
                KeyFile = Path.Combine(ca, "server.key"),
                ClientAuthorityFile = Path.Combine(ca, "ca.crt"),
                Postgres = new PostgresOptions { Connection = connection },
            },
            CancellationToken.None);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(Path.Combine(ca, "ca.crt"));
        foreach (string device in devices)
        {
            sessions._channels.Add(Channel(sessions._host.IngestPort, Path.Combine(ca, $"device-{device}"), roots));
            sessions._records.Add([.. Enumerable.Range(0, Telemetry.Records(millions)).Select(Record)]);
        }
        return sessions;
    }

    public Task RunAsync() => Task.WhenAll(_channels.Select((channel, device) => Task.Run(() => UploadAsync(channel, device))));

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(static channel => channel.Dispose());
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static GrpcChannel Channel(int port, string device, X509Certificate2Collection roots)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(device + ".crt", device + ".key");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)],
            },
        };
        return GrpcChannel.ForAddress($"https://localhost:{port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    private static UploadRequest Record(int record)
    {
        var batch = new ReadingBatch { BaseTimeUnixNanoseconds = Telemetry.Time(record, 0), Dictionary = 1 };
        batch.Times.Add(new TimeColumn { Count = (uint)(Telemetry.RecordReadings / Telemetry.Series), Decimals = 0, First = 0, Step = 1 });
        for (int series = 0; series < Telemetry.Series; series++)
        {
            if (record == 0)
            {
                batch.Definitions.Add(new SeriesDefinition { Ref = (uint)series + 1, Name = $"series-{series}", Kind = SeriesKind.Number });
            }
            batch.Blocks.Add(new SeriesBlock
            {
                Series = (uint)series + 1,
                Times = 0,
                Doubles = new DoubleColumn { Values = { Telemetry.Values(record, series) } },
            });
        }
        return new UploadRequest { Record = new Record { Sequence = (ulong)record + 1, Readings = Telemetry.RecordReadings, Batch = batch } };
    }

    private async Task UploadAsync(GrpcChannel channel, int device)
    {
        var client = new Protocol.V1.Ingest.IngestClient(channel);
        UploadRequest[] records = _records[device];
        for (int first = 0; first < records.Length; first += RecordsInSession)
        {
            using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = client.Upload();
            await call.RequestStream.WriteAsync(new UploadRequest
            {
                Open = new SessionOpen { SpoolId = ByteString.CopyFrom(new byte[16]), Lane = Lane.Live, FirstSequence = (ulong)first + 1, AgentVersion = "bench" },
            });
            foreach (UploadRequest record in records.Skip(first).Take(RecordsInSession))
            {
                await call.RequestStream.WriteAsync(record);
            }
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
        }
    }
}
