using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Thinning;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using LossCause = EdgeAgent.Protocol.V1.LossCause;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>What the agent's thinner makes of readings, in the real service: nothing is taken for a reading that is none, and the books balance.</summary>
public sealed class ThinnedReadingsTests
{
    private const long Start = 1_767_225_600_000_000_000;
    private const int Seconds = 3_600;

    [Fact]
    public async Task Readings_that_were_thinned_are_stored_as_aggregates_and_accounted_for_to_the_last_one()
    {
        // An hour of a temperature each second and of a humidity each minute, and a minute that was never thinned.
        var run = new Run([Encode(1, 0, Seconds)]);
        Assert.Equal(ThinningOutcome.Thinned, new ReadingThinner(BatchCompression.Gzip).Thin(1, run));
        ulong produced = Seconds + (Seconds / 60);
        var gap = new Gap { From = 1 + (ulong)run.Appended.Count, To = 60, Readings = produced - run.Items, Cause = LossCause.Thinned };
        byte[] raw = Encode(61, Seconds, Seconds + 60);

        await using Cloud cloud = await Cloud.StartAsync();
        UploadReceipt receipt = await UploadAsync(
            cloud, [.. run.Appended.Select((stored, i) => Request((ulong)i + 1, stored)), new UploadRequest { Gap = gap }, Request(61, raw)]);

        Assert.Equal((61ul, run.Items + 61ul), (receipt.DurableThrough, receipt.ReadingsStored));
        JsonElement summary = await GetAsync(cloud, "summary");
        Assert.Equal(produced + 61, summary.GetProperty("readings").GetUInt64() + summary.GetProperty("readingsThinned").GetUInt64());
        Assert.Equal(60 * 5, summary.GetProperty("aggregates").GetInt32());
        Assert.Equal(0, summary.GetProperty("readingsLost").GetInt32());
        // Of what was counted away, the aggregates say how many there were.
        Assert.Equal(gap.Readings, (ulong)(await ValuesAsync(cloud, "temperature:count:1m")).Sum());
        Assert.Equal(Enumerable.Range(0, 60).Select(minute => Temperature(minute * 60)), await ValuesAsync(cloud, "temperature:min:1m"));
        Assert.Equal(Enumerable.Range(0, 60).Select(minute => Temperature((minute * 60) + 59)), await ValuesAsync(cloud, "temperature:last:1m"));
        Assert.Equal(61, (await ValuesAsync(cloud, "humidity")).Length);
        Assert.Equal(60, (await ValuesAsync(cloud, "temperature")).Length);
    }

    private static double Temperature(int second) => second / 10.0;

    /// <summary>The stored form of readings from one second to before another.</summary>
    private static byte[] Encode(ulong dictionary, int from, int to)
    {
        var encoder = new BatchEncoder();
        for (int second = from; second < to; second++)
        {
            encoder.Add(1, SeriesKind.Number, Start + (second * 1_000_000_000L), Temperature(second), null, Quality.Good);
            if (second % 60 == 0)
            {
                encoder.Add(2, SeriesKind.Number, Start + (second * 1_000_000_000L), 40, null, Quality.Good);
            }
        }
        var bytes = new ArrayBufferWriter<byte>();
        encoder.Encode(dictionary, new Names(), BatchCompression.Gzip, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static UploadRequest Request(ulong sequence, byte[] stored)
    {
        ProtocolRecord record = ProtocolRecord.Parser.ParseFrom(stored);
        record.Sequence = sequence;
        return new UploadRequest { Record = record };
    }

    private static async Task<UploadReceipt> UploadAsync(Cloud cloud, IEnumerable<UploadRequest> requests)
    {
        using X509Certificate2 device = X509Certificate2.CreateFromPemFile(
            $"{cloud.Certificates}/device-{Cloud.Device}.crt", $"{cloud.Certificates}/device-{Cloud.Device}.key");
        using X509Certificate2 root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync($"{cloud.Certificates}/ca.crt"));
        var tls = new SslClientAuthenticationOptions
        {
            ClientCertificates = [device],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(
            string.Create(CultureInfo.InvariantCulture, $"https://localhost:{cloud.Network.Port}"),
            new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = tls }, DisposeHttpClient = true });
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = new Ingest.IngestClient(channel).Upload();
        await call.RequestStream.WriteAsync(new UploadRequest
        {
            Open = new SessionOpen { SpoolId = ByteString.CopyFrom(new byte[16]), Lane = Lane.Live, FirstSequence = 1, AgentVersion = "test" },
        });
        foreach (UploadRequest request in requests)
        {
            await call.RequestStream.WriteAsync(request);
        }
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private static async Task<double[]> ValuesAsync(Cloud cloud, string series)
    {
        JsonElement answer = await GetAsync(cloud, $"readings?limit=100000&series={Cloud.Device}/{series}");
        return [.. answer.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("value").GetDouble())];
    }

    private static async Task<JsonElement> GetAsync(Cloud cloud, string path)
    {
        using var http = new HttpClient();
        return JsonDocument.Parse(await http.GetStringAsync(
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{cloud.WebPort}/api/{path}"))).RootElement;
    }

    private sealed class Names : ISeriesDefinitions
    {
        public SeriesDefinition this[uint reference] => reference == 1
            ? new SeriesDefinition { Ref = 1, Name = "temperature", Unit = "Cel", Kind = SeriesKind.Number }
            : new SeriesDefinition { Ref = 2, Name = "humidity", Unit = "%", Kind = SeriesKind.Number };
    }

    private sealed class Run(IEnumerable<byte[]> records) : IThinningRecords
    {
        private readonly Queue<byte[]> _records = new(records);

        public ulong FirstSequence => 1;

        public List<byte[]> Appended { get; } = [];

        public uint Items { get; private set; }

        public bool TryRead(out SpoolRecord record)
        {
            bool found = _records.TryDequeue(out byte[]? payload);
            record = new SpoolRecord(1, 1, payload);
            return found;
        }

        public bool TryAppend(ReadOnlySpan<byte> payload, uint items)
        {
            Appended.Add(payload.ToArray());
            Items += items;
            return true;
        }
    }
}
