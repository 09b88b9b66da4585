using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Net.Framing;

/// <summary>
/// What stands before each message (grpc/doc/PROTOCOL-HTTP2.md):
/// <code>
/// frame      := compressed length payload
/// compressed := u8      ; 0 as it is, 1 in the call's grpc-encoding; anything else is an error
/// length     := u32be   ; of payload, as it stands on the wire
/// payload    := length * byte
/// </code>
/// </summary>
internal readonly record struct FrameHeader(bool IsCompressed, uint Length)
{
    public const int Size = 5;

    /// <summary>Reads the header that the bytes start with.</summary>
    /// <returns>False when the flag is neither 0 nor 1.</returns>
    public static bool TryRead(ReadOnlySequence<byte> bytes, out FrameHeader header)
    {
        ReadOnlySpan<byte> first = bytes.FirstSpan;
        if (first.Length < Size)
        {
            Span<byte> copy = stackalloc byte[Size];
            bytes.Slice(0, Size).CopyTo(copy);
            return TryRead(copy, out header);
        }
        return TryRead(first, out header);
    }

    public void Write(Span<byte> destination)
    {
        destination[0] = IsCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], Length);
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = new FrameHeader(bytes[0] == 1, BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]));
        return bytes[0] <= 1;
    }
}
