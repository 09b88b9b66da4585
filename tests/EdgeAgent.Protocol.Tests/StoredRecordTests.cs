using System.Buffers;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

public sealed class StoredRecordTests
{
    [Theory]
    [InlineData(1UL, 1)]
    [InlineData(127UL, 100)]
    [InlineData(128UL, 1000)]
    [InlineData(ulong.MaxValue, 30_000)]
    public void A_sequence_in_front_of_stored_bytes_is_the_request_that_the_generated_code_reads(ulong sequence, int readings)
    {
        var encoder = new BatchEncoder();
        for (int i = 0; i < readings; i++)
        {
            encoder.Add(1, SeriesKind.Number, i * 1_000_000_000L, i * 7919 % 1000 / 10.0, null, Quality.Good);
        }
        byte[] stored = Codec.Encode(encoder, new TestSeries());
        var output = new ArrayBufferWriter<byte>();
        StoredRecord.WriteUploadRequest(sequence, stored, output);

        Assert.Equal(StoredRecord.UploadRequestLength(sequence, stored.Length), output.WrittenCount);
        Record record = UploadRequest.Parser.ParseFrom(output.WrittenSpan).Record;
        Assert.Equal(sequence, record.Sequence);
        Assert.Equal((uint)readings, record.Readings);
        record.Sequence = 0;
        Assert.Equal(Record.Parser.ParseFrom(stored), record);
    }

    [Fact]
    public void The_number_of_readings_is_read_without_the_batch()
    {
        Assert.True(StoredRecord.TryReadReadings([0x10, 0xAC, 0x02, 0xFF], out uint readings));
        Assert.Equal(300u, readings);
        Assert.False(StoredRecord.TryReadReadings([], out _));
        Assert.False(StoredRecord.TryReadReadings([0x10, 0xAC], out _));
        Assert.False(StoredRecord.TryReadReadings([0x1A, 0x00], out _));
        Assert.False(StoredRecord.TryReadReadings([0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], out _));
    }
}
