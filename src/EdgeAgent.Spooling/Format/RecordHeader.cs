using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// What stands before each payload in a segment.
/// <code>
/// record := length u32le          bytes of the payload, at least 1
///           crc u32le             CRC-32C over identity, length, sequence, items_before, items, payload
///           sequence u64le
///           items_before u64le    readings appended to the lane before this record
///           items u32le           readings in this record
///           payload[length]
/// </code>
/// The identity of the segment (<see cref="SegmentIdentity"/>) is not written, only summed. A record is valid where its checksum holds
/// and its sequence is at least the expected one. Records are not aligned and have no end mark: the next one is where a valid one
/// starts. A sequence that is higher than expected, or bytes in between that make no record, are a gap of sequences; its readings are
/// the difference of two items_before.
/// </summary>
internal readonly record struct RecordHeader(int Length, uint Checksum, ulong Sequence, ulong ItemsBefore, uint Items)
{
    public const int Bytes = 28;

    /// <summary>Readings appended to the lane up to and including this record.</summary>
    public ulong ItemsThrough => ItemsBefore + Items;

    /// <summary>Bytes of the whole record.</summary>
    public int RecordBytes => Bytes + Length;

    /// <summary>Writes the header of a record and its checksum.</summary>
    public static void Write(Span<byte> target, uint seed, ulong sequence, ulong itemsBefore, uint items, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], itemsBefore);
        BinaryPrimitives.WriteUInt32LittleEndian(target[24..], items);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Sum(target, seed, payload));
    }

    /// <summary>
    /// Reads a header that may stand here: the sequence is in range and the length could be one. The checksum is not looked at.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ulong lowest, ulong highest, long room, out RecordHeader header)
    {
        header = default;
        if (source.Length < Bytes || room < Bytes)
        {
            return false;
        }
        ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (sequence < lowest || sequence > highest || length == 0 || length > room - Bytes)
        {
            return false;
        }
        header = new RecordHeader(
            (int)length,
            BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            sequence,
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[24..]));
        return true;
    }

    /// <summary>Whether the whole record at the start of <paramref name="record"/> is what was written into this segment.</summary>
    public bool Matches(ReadOnlySpan<byte> record, uint seed) => Sum(record, seed, record.Slice(Bytes, Length)) == Checksum;

    private static uint Sum(ReadOnlySpan<byte> header, uint seed, ReadOnlySpan<byte> payload)
    {
        uint state = Crc32C.Append(seed, header[..4]);
        state = Crc32C.Append(state, header[8..Bytes]);
        return Crc32C.Finish(Crc32C.Append(state, payload));
    }
}
