using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Net.Compression;

/// <summary>
/// Whether a compressed message came whole. The runtime's decompressors take the end of their input for the end of the stream, so a
/// message that was cut short before it was framed would pass for a shorter one.
/// </summary>
internal static class WholeStream
{
    /// <summary>The trailer of gzip ends with the uncompressed length modulo 2³² (RFC 1952, section 2.3.1).</summary>
    private const int GzipLengthBytes = 4;

    /// <summary>Header and trailer of gzip: ten bytes and eight (RFC 1952, section 2.3).</summary>
    private const int GzipFrameBytes = 18;

    /// <param name="encoding">What it is compressed with; of encodings that are not known here nothing can be said.</param>
    /// <param name="compressed">All of the message.</param>
    /// <param name="isOverread">The decompressor asked for more than there was.</param>
    /// <param name="inflated">How many bytes came out.</param>
    public static bool IsWhole(string encoding, ReadOnlySequence<byte> compressed, bool isOverread, int inflated) => encoding switch
    {
        // It always asks for more: another member may follow. What follows in fact would not agree with the length either.
        "gzip" => compressed.Length > GzipFrameBytes && LastInteger(compressed) == (uint)inflated,
        "deflate" => !isOverread,
        _ => true,
    };

    private static uint LastInteger(ReadOnlySequence<byte> bytes)
    {
        Span<byte> last = stackalloc byte[GzipLengthBytes];
        bytes.Slice(bytes.Length - GzipLengthBytes).CopyTo(last);
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }
}
