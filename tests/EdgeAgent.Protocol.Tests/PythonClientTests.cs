using System.Buffers.Binary;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;

namespace EdgeAgent.Protocol.Tests;

/// <summary>A client that was written from docs/protocol.md, with another protobuf library and none of our code.</summary>
public sealed class PythonClientTests : IDisposable
{
    // Debian's own interpreter: another one on the PATH need not have the packages.
    private const string Python = "/usr/bin/python3";
    private const string Protobuf = "/usr/lib/python3/dist-packages/google/protobuf/__init__.py";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    [InstalledFact(Python, Protobuf, "protoc")]
    public async Task What_a_foreign_client_encodes_is_decoded_exactly()
    {
        await GenerateStubsAsync();
        foreach (bool gzip in new[] { false, true })
        {
            List<UploadRequest> requests = await DumpAsync(firstSequence: 41, records: 3, readingsOfARecord: 1000, gzip);

            Assert.Equal(4, requests.Count);
            Assert.Equal(41u, requests[0].Open.FirstSequence);
            Assert.Equal(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), requests[0].Open.SpoolId.ToByteArray());
            Assert.Equal(Lane.Live, requests[0].Open.Lane);
            for (ulong sequence = 41; sequence < 44; sequence++)
            {
                Record record = requests[(int)(sequence - 40)].Record;
                Assert.Equal(sequence, record.Sequence);
                Assert.Equal(gzip, record.ContentCase == Record.ContentOneofCase.CompressedBatch);
                AssertReadings(record, isFirst: sequence == 41);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertReadings(Record record, bool isFirst)
    {
        var sink = new RecordingSink();
        Assert.True(new BatchDecoder(new DecodeLimits()).TryDecode(record, sink, out DecodeError error), error.ToString());
        Assert.Equal(isFirst ? ["python/temperature", "python/door", "python/state"] : [], sink.Definitions.Select(named => named.Definition.Name));
        Assert.All(sink.Definitions, named => Assert.Equal(41u, named.Dictionary));

        var temperatures = new SeriesReadings(SeriesKind.Number);
        var doors = new SeriesReadings(SeriesKind.Boolean);
        var states = new SeriesReadings(SeriesKind.Text);
        long start = (1_700_000_000 + (100_000 * (long)record.Sequence)) * 1_000_000_000;
        for (int i = 0; i < 334; i++)
        {
            temperatures.Add(start + (i * 10_000_000_000), 20 + (i * 7 % 100 / 100.0), null, Quality.Good);
            if (i < 333)
            {
                doors.Add(start + (i * 10_000_000_000), i % 3 == 0 ? 1 : 0, null, Quality.Good);
                states.Add(start + (i * 10_000_000_000), 0, i % 10 == 0 ? "running" : "idle", Quality.Good);
            }
        }
        Assert.Equal(temperatures.Readings, sink.Series[1].Readings);
        Assert.Equal(doors.Readings, sink.Series[2].Readings);
        Assert.Equal(states.Readings, sink.Series[3].Readings);
    }

    private async Task GenerateStubsAsync()
    {
        string protos = Path.Combine(AppContext.BaseDirectory, "protos");
        await RunAsync(
            InstalledFactAttribute.Find("protoc")!, "-I", protos, "--python_out", _folder.Path,
            Path.Combine(protos, "edge", "v1", "reading.proto"), Path.Combine(protos, "edge", "v1", "ingest.proto"));
    }

    private async Task<List<UploadRequest>> DumpAsync(int firstSequence, int records, int readingsOfARecord, bool gzip)
    {
        string dump = _folder["requests"];
        string client = Path.Combine(AppContext.BaseDirectory, "foreign", "python", "upload_client.py");
        await RunAsync(
            Python, [client, "--protos", _folder.Path, "--spool-id", "000102030405060708090a0b0c0d0e0f", "--first-sequence", $"{firstSequence}",
            "--records", $"{records}", "--readings-per-record", $"{readingsOfARecord}", "--dump", dump, .. gzip ? ["--gzip"] : Array.Empty<string>()]);
        var requests = new List<UploadRequest>();
        ReadOnlySpan<byte> bytes = await File.ReadAllBytesAsync(dump);
        while (!bytes.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            requests.Add(UploadRequest.Parser.ParseFrom(bytes.Slice(sizeof(int), length)));
            bytes = bytes[(sizeof(int) + length)..];
        }
        return requests;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(program, arguments, Timeout);
        Assert.True(exitCode == 0, output);
    }
}
