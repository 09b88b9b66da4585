using System.Buffers;
using Grpc.Core;
using Grpc.Net.Client.Internal;
using Grpc.Net.Compression;
using Grpc.Net.Framing;
using Grpc.Net.Protocol;

namespace Grpc.Polyfill.Tests.Internals;

public sealed class WireFormatTests
{
    [Fact]
    public void A_frame_is_a_flag_a_big_endian_length_and_the_payload()
    {
        var writer = new FrameWriter(maxMessageSize: null);

        ReadOnlyMemory<byte> frame = writer.Write("hi", Marshallers.StringMarshaller.ContextualSerializer, codec: null);

        Assert.Equal([0, 0, 0, 0, 2, (byte)'h', (byte)'i'], frame.ToArray());
    }

    [Fact]
    public void A_compressed_frame_has_the_flag_and_the_length_of_what_is_on_the_wire()
    {
        var writer = new FrameWriter(maxMessageSize: null);

        byte[] frame = writer
            .Write(new string('x', 1000), Marshallers.StringMarshaller.ContextualSerializer, Codecs.Standard.First())
            .ToArray();

        Assert.Equal(1, frame[0]);
        Assert.Equal(frame.Length - 5, frame[4] + (256 * frame[3]));
        Assert.Equal([0x1F, 0x8B], frame[5..7]);
    }

    [Fact]
    public void A_writer_can_be_used_again_after_a_message_that_failed()
    {
        var writer = new FrameWriter(maxMessageSize: 10);

        Assert.Throws<RpcException>(() => writer.Write(new string('x', 11), Marshallers.StringMarshaller.ContextualSerializer, null));
        Assert.Throws<InvalidOperationException>(() => writer.Write("", (_, _) => { }, null));
        Assert.Equal(6, writer.Write("x", Marshallers.StringMarshaller.ContextualSerializer, null).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(100_000)]
    public void A_message_of_unknown_length_grows_its_buffer(int length)
    {
        var writer = new FrameWriter(maxMessageSize: null);

        ReadOnlyMemory<byte> frame = writer.Write(
            length,
            static (length, context) =>
            {
                for (int i = 0; i < length; i++)
                {
                    context.GetBufferWriter().Write([(byte)i]);
                }
                context.Complete();
            },
            codec: null);

        Assert.Equal(Enumerable.Range(0, length).Select(i => (byte)i), frame[FrameHeader.Size..].ToArray());
    }

    [Theory]
    [InlineData(0, "0u")]
    [InlineData(1, "1u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(36_000_000_000, "3600000m")]
    [InlineData(long.MaxValue, "99999999H")]
    public void A_timeout_is_written_rounded_up_in_the_finest_unit_of_eight_digits(long ticks, string written) =>
        Assert.Equal(written, TimeoutHeader.Format(new TimeSpan(ticks)));

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100u", 1000)]
    [InlineData("5m", 50_000)]
    [InlineData("7S", 70_000_000)]
    [InlineData("1M", 600_000_000)]
    [InlineData("2H", 72_000_000_000)]
    public void A_timeout_is_read_in_all_units(string text, long ticks)
    {
        Assert.True(TimeoutHeader.TryRead(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("plain ~", "plain ~")]
    [InlineData("50%", "50%25")]
    [InlineData("ä\n", "%C3%A4%0A")]
    public void A_status_message_is_percent_encoded_utf8(string message, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(message));
        Assert.Equal(message, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    public void What_is_not_percent_encoded_is_left_as_it_is(string encoded, string message) =>
        Assert.Equal(message, StatusMessage.Decode(encoded));

    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xB, StatusCode.ResourceExhausted)]
    [InlineData(0xC, StatusCode.PermissionDenied)]
    public void A_reset_of_http2_has_the_status_that_the_specification_gives_it(long errorCode, StatusCode expected) =>
        Assert.Equal(expected, FailureStatus.OfReset(errorCode));

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/GRPC+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Only_grpc_content_types_are_grpc(string? contentType, bool expected) =>
        Assert.Equal(expected, GrpcHeaders.IsGrpc(contentType));
}
