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
///         version u16le = 1, or 2
///         flags u16le                   bit 0: the spool was closed in order
///         zero u32le
///         generation u64le
///         spool_id[16] boot_id[16]      big-endian text order; the boot of the last owner
///         lane lane                     alarm, live
///         [lane]                        backlog, in version 2 only
///         zero u32le
///         crc u32le                     CRC-32C of the 124 or 156 bytes before
/// lane := released u64le committed u64le items u64le bytes u64le
/// </code>
/// Version 2 is written from the first record of the backlog on: a spool that never had one can be opened by an agent that knows of none.
/// A mark may lag behind the segments, never lead. It keeps two promises that the segments alone cannot: sequences never go back,
/// even where every segment is gone, and a committed record that is missing at the end is noticed.
/// </summary>
internal readonly record struct Mark(
    ulong Generation, Guid SpoolId, Guid BootId, bool ClosedCleanly, LaneMark Alarm, LaneMark Live, LaneMark Backlog = default)
{
    /// <summary>The most that a slot takes.</summary>
    public const int MostBytes = BytesOfTwo + LaneBytes;
    private const int BytesOfTwo = 128;
    private const int LaneBytes = 32;
    private const int LanesAt = 56;
    private const ushort TwoLanes = 1;
    private const ushort ThreeLanes = 2;
    private const ushort CleanFlag = 1;

    private static ReadOnlySpan<byte> Magic => "EASPMRK\n"u8;

    public void Write(Span<byte> target)
    {
        ushort version = Backlog == default ? TwoLanes : ThreeLanes;
        int bytes = BytesOf(version);
        target[..bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[10..], ClosedCleanly ? CleanFlag : (ushort)0);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Generation);
        SpoolId.TryWriteBytes(target[24..], bigEndian: true, out _);
        BootId.TryWriteBytes(target[40..], bigEndian: true, out _);
        WriteLane(target[LanesAt..], Alarm);
        WriteLane(target[(LanesAt + LaneBytes)..], Live);
        if (version == ThreeLanes)
        {
            WriteLane(target[(LanesAt + (2 * LaneBytes))..], Backlog);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(target[(bytes - 4)..], Crc32C.Compute(target[..(bytes - 4)]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out Mark mark)
    {
        mark = default;
        if (source.Length < BytesOfTwo || !source.StartsWith(Magic))
        {
            return false;
        }
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]);
        int bytes = BytesOf(version);
        if (version is not (TwoLanes or ThreeLanes)
            || source.Length < bytes
            || BinaryPrimitives.ReadUInt32LittleEndian(source[(bytes - 4)..]) != Crc32C.Compute(source[..(bytes - 4)]))
        {
            return false;
        }
        mark = new Mark(
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            new Guid(source.Slice(24, 16), bigEndian: true),
            new Guid(source.Slice(40, 16), bigEndian: true),
            (BinaryPrimitives.ReadUInt16LittleEndian(source[10..]) & CleanFlag) != 0,
            ReadLane(source[LanesAt..]),
            ReadLane(source[(LanesAt + LaneBytes)..]),
            version == ThreeLanes ? ReadLane(source[(LanesAt + (2 * LaneBytes))..]) : default);
        return true;
    }

    public LaneMark Of(SpoolLane lane) => lane switch
    {
        SpoolLane.Alarm => Alarm,
        SpoolLane.Live => Live,
        _ => Backlog,
    };

    private static int BytesOf(ushort version) => version == ThreeLanes ? MostBytes : BytesOfTwo;

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
