using System.Buffers;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>The way of a batch through encoder, the generated parser and decoder.</summary>
internal static class Codec
{
    public static byte[] Encode(
        BatchEncoder encoder, TestSeries series, BatchCompression compression = BatchCompression.None, ulong dictionary = 1, BatchClock? clock = null)
    {
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(dictionary, series, compression, output, clock);
        return output.WrittenSpan.ToArray();
    }

    public static RecordingSink Decode(byte[] stored)
    {
        var sink = new RecordingSink();
        bool decoded = new BatchDecoder(new DecodeLimits()).TryDecode(Record.Parser.ParseFrom(stored), sink, out DecodeError error);
        Assert.True(decoded, error.ToString());
        return sink;
    }

    public static DecodeError Refuse(Record record, DecodeLimits? limits = null)
    {
        var sink = new RecordingSink();
        Assert.False(new BatchDecoder(limits ?? new DecodeLimits()).TryDecode(record, sink, out DecodeError error));
        Assert.Equal(0, sink.Calls);
        Assert.NotEqual(DecodeErrorCode.None, error.Code);
        Assert.NotEmpty(error.Message);
        return error;
    }
}
