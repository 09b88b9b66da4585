using System.IO.Compression;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Polyfill.Tests.Http2;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>Messages that are larger than they look. What is allocated for them is counted, given back or not.</summary>
[Collection(nameof(Alone))]
public sealed class HostileMessageTests
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>What a bomb inflates to.</summary>
    private const int Bomb = 128 * Megabyte;

    [Theory]
    [InlineData(BatchEncoding.Gzip, false)]
    [InlineData(BatchEncoding.Gzip, true)]
    [InlineData(BatchEncoding.Brotli, false)]
    public async Task A_batch_that_inflates_without_end_is_refused_by_its_sequence(BatchEncoding encoding, bool lies)
    {
        byte[] data = Deflated(encoding, Bomb);
        if (lies)
        {
            // The trailer says how long the whole is (RFC 1952, section 2.3.1): a little.
            data.AsSpan(data.Length - 4).Clear();
            data[^4] = 100;
        }
        await using RunningService service = await RunningService.StartAsync();
        await service.Client().SendAsync(Uploads.Open(1), Uploads.Numbers(1));
        var bystander = new Bystander(service);
        var bomb = new UploadRequest
        {
            Record = new Record { Sequence = 2, Readings = 1, CompressedBatch = new CompressedBatch { Encoding = encoding, Data = ByteString.CopyFrom(data) } },
        };

        var memory = new Allocations();
        RpcException refused = await service.Client().FailAsync(Uploads.Open(2), bomb);

        memory.ExpectBelow(64 * Megabyte);
        Assert.Equal((StatusCode.InvalidArgument, "2"), (refused.StatusCode, refused.Trailer("edge-refused-sequence")));
        await bystander.ExpectUnharmedAsync();
    }

    [Fact]
    public async Task A_message_that_inflates_without_end_is_refused_before_it_has()
    {
        byte[] data = Deflated(BatchEncoding.Gzip, Bomb);
        await using RunningService service = await RunningService.StartAsync();
        var bystander = new Bystander(service);
        await using Http2Wire wire = await HostilePeer.ConnectAsync(service, "plant-1");
        var memory = new Allocations();

        await wire.SendAsync(HostilePeer.Call(1, ("grpc-encoding", "gzip")));
        // A piece that the window has room for: it is enough to be far beyond what a message may have.
        await wire.SendAsync([.. HostilePeer.Message(1, data[..(48 * 1024)]).Chunk(16 * 1024).Select(static part => Http2Frame.Data(1, part))]);

        Assert.Equal($"{(int)StatusCode.ResourceExhausted}", (await wire.ReadTrailersAsync(1))["grpc-status"]);
        memory.ExpectBelow(64 * Megabyte);
        await bystander.ExpectUnharmedAsync();
    }

    [Theory]
    [InlineData(3 * Megabyte)]
    [InlineData(uint.MaxValue)]
    public async Task A_message_that_announces_more_than_it_may_have_is_refused_by_its_length(uint length)
    {
        await using RunningService service = await RunningService.StartAsync();
        await using Http2Wire wire = await HostilePeer.ConnectAsync(service, "plant-1");

        await wire.SendAsync(HostilePeer.Call(1), Http2Frame.Data(1, HostilePeer.Message(0, new byte[100], length)));

        Assert.Equal($"{(int)StatusCode.ResourceExhausted}", (await wire.ReadTrailersAsync(1))["grpc-status"]);
    }

    private static byte[] Deflated(BatchEncoding encoding, int zeros)
    {
        using var compressed = new MemoryStream();
        using (Stream deflate = encoding == BatchEncoding.Gzip
            ? new GZipStream(compressed, CompressionLevel.Optimal)
            : new BrotliStream(compressed, CompressionLevel.Optimal))
        {
            byte[] block = new byte[Megabyte];
            for (int written = 0; written < zeros; written += block.Length)
            {
                deflate.Write(block);
            }
        }
        return compressed.ToArray();
    }

    private sealed class Allocations
    {
        private readonly long _before = GC.GetTotalAllocatedBytes(precise: true);

        public void ExpectBelow(long bytes) => Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - _before, 0, bytes);
    }
}
