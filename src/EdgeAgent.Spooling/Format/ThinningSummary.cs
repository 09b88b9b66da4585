using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// What the header of a thinned segment says of the stretch that it replaces, so that the loss can be told even where a power cut came
/// between the new segment and the ledger.
/// <code>
/// summary := through u64le          the last sequence of the stretch
///            last_record u64le      the last sequence that has a record here
///            items_last u64le       readings of the lane through that record, as its own header has them
///            items_through u64le    readings appended to the lane through the stretch
///            payload_bytes u64le    of the records here
///            salt u32le             (ThinnedIdentity)
/// </code>
/// </summary>
/// <param name="LastRecord">The last sequence that has a record here.</param>
/// <param name="ItemsLast">Readings of the lane through that record.</param>
/// <param name="ItemsThrough">Readings appended to the lane through the stretch.</param>
/// <param name="PayloadBytes">Of the records here.</param>
internal readonly record struct ThinningSummary(ulong LastRecord, ulong ItemsLast, ulong ItemsThrough, ulong PayloadBytes)
{
    public void Write(Span<byte> target, in ThinnedIdentity identity)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, identity.Through);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], LastRecord);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], ItemsLast);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], ItemsThrough);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], PayloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[40..], identity.Salt);
    }

    public static ThinningSummary Read(ReadOnlySpan<byte> source, byte level, out ThinnedIdentity identity)
    {
        identity = new ThinnedIdentity(
            level, BinaryPrimitives.ReadUInt64LittleEndian(source), BinaryPrimitives.ReadUInt32LittleEndian(source[40..]));
        return new ThinningSummary(
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[32..]));
    }
}
