using System.Buffers.Binary;
using System.Numerics;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) by the processor's own instruction where it has one. The check value of "123456789" is
/// E3069283.
/// </summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    public static uint Finish(uint state) => ~state;

    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }
        return state;
    }
}
