using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// One slot of the file <c>ledger</c>: sequences that will never be delivered.
/// <code>
/// ledger := slot*
/// slot   := crc u32le         CRC-32C over spool_id[16] and the 28 bytes that follow
///           lane u8 cause u8 zero u16le
///           from u64le to u64le
///           items u64le       readings that went with them
/// </code>
/// A slot never crosses a sector. One whose checksum fails, or whose <c>to</c> is released, is free. Where two entries
/// of a lane overlap, the one that reaches further has grown from the other; of two that reach equally far the longer one.
/// </summary>
internal readonly record struct LedgerEntry(SpoolLane Lane, SpoolGap Gap)
{
    public const int Bytes = 32;

    public void Write(Span<byte> target, Guid spoolId)
    {
        target[..Bytes].Clear();
        target[4] = (byte)Lane;
        target[5] = (byte)Gap.Cause;
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Gap.From);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Gap.To);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Gap.Items);
        BinaryPrimitives.WriteUInt32LittleEndian(target, Sum(target, spoolId));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, Guid spoolId, out LedgerEntry entry)
    {
        entry = default;
        if (source.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(source) != Sum(source, spoolId))
        {
            return false;
        }
        ulong from = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
        ulong to = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]);
        if (from == 0 || to < from || !Lanes.IsOne((SpoolLane)source[4]))
        {
            return false;
        }
        ulong items = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]);
        entry = new LedgerEntry((SpoolLane)source[4], new SpoolGap(from, to, items, (LossCause)source[5]));
        return true;
    }

    private static uint Sum(ReadOnlySpan<byte> slot, Guid spoolId)
    {
        Span<byte> id = stackalloc byte[16];
        spoolId.TryWriteBytes(id, bigEndian: true, out _);
        return Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, id), slot[4..Bytes]));
    }
}
