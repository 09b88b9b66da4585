using System.Buffers;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(BatchCompression.None, 0)]
    // One stream, one compressor and its handle for a batch.
    [InlineData(BatchCompression.Gzip, 1024)]
    [InlineData(BatchCompression.Brotli, 1024)]
    public void In_a_steady_state_readings_allocate_nothing(BatchCompression compression, int bytesOfABatch)
    {
        var encoder = new BatchEncoder();
        var series = new TestSeries();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        const int Warmup = 130;
        const int Batches = 20;
        long before = 0;
        for (int batch = 0; batch < Warmup + Batches; batch++)
        {
            before = batch == Warmup ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (int i = 0; i < 500; i++)
            {
                long time = (batch * 500L) + i;
                encoder.Add(1, SeriesKind.Number, time * 60_000_000_000, 20 + (i % 7 * 0.1), null, Quality.Good);
                encoder.Add(2, SeriesKind.Number, time * 60_000_000_000, i / 3.0, null, i % 5 == 0 ? Quality.NoResponse : Quality.Good);
                encoder.Add(3, SeriesKind.Boolean, time * 60_000_000_000, i & 1, null, Quality.Good);
                encoder.Add(4, SeriesKind.Text, time, 0, (i & 1) == 0 ? "on" : "off", Quality.Uncertain);
            }
            output.ResetWrittenCount();
            encoder.Encode(1, series, compression, output);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, Batches * bytesOfABatch);
    }

    [Fact]
    public void A_large_batch_does_not_hold_memory_for_ever()
    {
        var array = new ReusedArray<long>(256);
        array.Ensure(100_000, keep: 0);
        array.EndRound(100_000);
        for (int i = 0; i < 128; i++)
        {
            Assert.True(array.Items.Length >= 1000);
            array.EndRound(1000);
        }
        Assert.Equal(1024, array.Items.Length);
    }

    [Fact]
    public void A_growing_array_keeps_what_it_is_told_to_keep()
    {
        var array = new ReusedArray<int>(4);
        array.Items[3] = 7;
        array.Ensure(5, keep: 4);
        Assert.Equal(7, array.Items[3]);
        Assert.Equal(8, array.Items.Length);
    }

    [Fact]
    public void Few_bytes_that_claim_four_billion_times_allocate_next_to_nothing()
    {
        var record = new Record { Readings = uint.MaxValue, Batch = new ReadingBatch { Times = { new TimeColumn { Count = uint.MaxValue } } } };
        Assert.InRange(AllocatedByRefusing(record), 0, 20_000);
        record.Readings = 100_000;
        Assert.InRange(AllocatedByRefusing(record), 0, 20_000);
    }

    [Fact]
    public void A_compressed_batch_cannot_inflate_beyond_the_limit()
    {
        foreach (BatchEncoding encoding in new[] { BatchEncoding.Gzip, BatchEncoding.Brotli })
        {
            Record bomb = CompressedRecords.Compress(new byte[64 * 1024 * 1024], encoding);
            Assert.InRange(AllocatedByRefusing(bomb), 0, 4 * 1024 * 1024);
            Assert.Equal(DecodeErrorCode.TooLarge, Codec.Refuse(bomb).Code);
        }
    }

    [Fact]
    public void A_megabyte_of_empty_messages_is_not_parsed_into_objects()
    {
        byte[] empty = new byte[1024 * 1024];
        for (int i = 0; i < empty.Length; i += 2)
        {
            empty[i] = (ReadingBatch.DefinitionsFieldNumber << 3) | (int)WireType.Bytes;
        }
        Record record = CompressedRecords.Compress(empty, BatchEncoding.Gzip);
        Assert.InRange(AllocatedByRefusing(record), 0, 2 * 1024 * 1024);
        Assert.Equal(DecodeErrorCode.TooLarge, Codec.Refuse(record).Code);
    }

    private static long AllocatedByRefusing(Record record)
    {
        var decoder = new BatchDecoder(new DecodeLimits());
        var sink = new RecordingSink();
        // The first call pays for what is allocated once in a process.
        Assert.False(decoder.TryDecode(record, sink, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(decoder.TryDecode(record, sink, out _));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
