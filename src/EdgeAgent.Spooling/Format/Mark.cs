using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>The end of what a lane had committed, and how much had gone into it up to there.</summary>
internal readonly record struct Position(ulong Sequence, ulong Items, ulong Bytes);

/// <summary>What a slot says of one lane.</summary>
internal readonly record struct LaneMark(ulong Released, Position Committed);

/// <summary>
/// One slot of the file <c>marks</c>, which has two, at 0 and at 4096. The valid one with the higher generation counts; the other one is
/// written next, so that a torn write costs the newest mark only.
/// <code>
/// slot := magic[8] = "EASPMRK\n"
///         version u16le = 1
///         flags u16le                   bit 0: the spool was closed in order
///         zero u32le
///         generation u64le
///         spool_id[16] boot_id[16]      big-endian text order; the boot of the last owner
///         lane lane                     alarm, live
///         zero u32le
///         crc u32le                     CRC-32C of the 124 bytes before
/// lane := released u64le committed u64le items u64le bytes u64le
/// </code>
/// A mark may lag behind the segments, never lead. It keeps two promises that the segments alone cannot: sequences never go back,
/// even where every segment is gone, and a committed record that is missing at the end is noticed.
/// </summary>
internal readonly record struct Mark(ulong Generation, Guid SpoolId, Guid BootId, bool ClosedCleanly, LaneMark Alarm, LaneMark Live)
{
    public const int Bytes = 128;
    private const ushort Version = 1;
    private const ushort CleanFlag = 1;

    private static ReadOnlySpan<byte> Magic => "EASPMRK\n"u8;

    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[10..], ClosedCleanly ? CleanFlag : (ushort)0);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Generation);
        SpoolId.TryWriteBytes(target[24..], bigEndian: true, out _);
        BootId.TryWriteBytes(target[40..], bigEndian: true, out _);
        WriteLane(target[56..], Alarm);
        WriteLane(target[88..], Live);
        BinaryPrimitives.WriteUInt32LittleEndian(target[124..], Crc32C.Compute(target[..124]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out Mark mark)
    {
        mark = default;
        if (source.Length < Bytes
            || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt16LittleEndian(source[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[124..]) != Crc32C.Compute(source[..124]))
        {
            return false;
        }
        mark = new Mark(
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            new Guid(source.Slice(24, 16), bigEndian: true),
            new Guid(source.Slice(40, 16), bigEndian: true),
            (BinaryPrimitives.ReadUInt16LittleEndian(source[10..]) & CleanFlag) != 0,
            ReadLane(source[56..]),
            ReadLane(source[88..]));
        return true;
    }

    private static void WriteLane(Span<byte> target, LaneMark lane)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, lane.Released);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], lane.Committed.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], lane.Committed.Items);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], lane.Committed.Bytes);
    }

    private static LaneMark ReadLane(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        new Position(
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..])));
}
