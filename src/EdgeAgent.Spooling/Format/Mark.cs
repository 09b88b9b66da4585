using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>The end of what a lane had committed, and how much had gone into it up to there.</summary>
internal readonly record struct Position(ulong Sequence, ulong Items, ulong Bytes);

/// <summary>What a slot says of one lane.</summary>
/// <param name="Released">The cloud has everything through it.</param>
/// <param name="Written">The end of what is on flash.</param>
/// <param name="Reserved">
/// Sequences through it may have been given to records that are in memory only, and the cloud may have them; 0 where none were.
/// </param>
internal readonly record struct LaneMark(ulong Released, Position Written, ulong Reserved = 0);

/// <summary>
/// One slot of the file <c>marks</c>, which has two, at 0 and at 4096. The valid one with the higher generation counts; the other one is
/// written next, so that a torn write costs the newest mark only.
/// <code>
/// slot := magic[8] = "EASPMRK\n"
///         version u16le = 2
///         flags u16le                   bit 0: the spool was closed in order
///         lanes u32le
///         generation u64le
///         spool_id[16] boot_id[16]      big-endian text order; the boot of the last owner
///         lane[lanes]
///         crc u32le                     CRC-32C of all bytes before
/// lane := number u32le zero u32le released u64le written u64le items u64le bytes u64le reserved u64le
/// </code>
/// Version 1, which is read for ever, has zero in place of lanes, then alarm and live without number, zero and reserved, then zero u32le
/// and the checksum.
/// A mark may lag behind the segments, never lead. It keeps three promises that the segments alone cannot: sequences never go back, even
/// where every segment is gone; a written record that is missing at the end is noticed; and no sequence that only memory has had is given
/// again.
/// </summary>
internal readonly record struct Mark(ulong Generation, Guid SpoolId, Guid BootId, bool ClosedCleanly, LaneMark Alarm, LaneMark Live, LaneMark Backlog = default)
{
    /// <summary>Of what is written here.</summary>
    public const int Bytes = HeadBytes + (LaneCount * LaneBytes) + sizeof(uint);

    private const int HeadBytes = 56;
    private const int LaneBytes = 48;
    private const int LaneCount = 3;

    /// <summary>More than there will ever be; what is read must end within its sector.</summary>
    private const int MostLanes = 8;

    private const int FirstVersionBytes = 128;
    private const int FirstVersionLaneBytes = 32;
    private const ushort Version = 2;
    private const ushort CleanFlag = 1;

    private static ReadOnlySpan<byte> Magic => "EASPMRK\n"u8;

    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[10..], ClosedCleanly ? CleanFlag : (ushort)0);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], LaneCount);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Generation);
        SpoolId.TryWriteBytes(target[24..], bigEndian: true, out _);
        BootId.TryWriteBytes(target[40..], bigEndian: true, out _);
        WriteLane(target[HeadBytes..], SpoolLane.Alarm, Alarm);
        WriteLane(target[(HeadBytes + LaneBytes)..], SpoolLane.Live, Live);
        WriteLane(target[(HeadBytes + (2 * LaneBytes))..], SpoolLane.Backlog, Backlog);
        BinaryPrimitives.WriteUInt32LittleEndian(target[(Bytes - 4)..], Crc32C.Compute(target[..(Bytes - 4)]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out Mark mark)
    {
        mark = default;
        if (source.Length < FirstVersionBytes || !source.StartsWith(Magic))
        {
            return false;
        }
        uint lanes = BinaryPrimitives.ReadUInt32LittleEndian(source[12..]);
        int bytes = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]) switch
        {
            1 => FirstVersionBytes,
            Version when lanes <= MostLanes => HeadBytes + ((int)lanes * LaneBytes) + sizeof(uint),
            _ => int.MaxValue,
        };
        if (source.Length < bytes || BinaryPrimitives.ReadUInt32LittleEndian(source[(bytes - 4)..]) != Crc32C.Compute(source[..(bytes - 4)]))
        {
            return false;
        }
        bool isFirstVersion = bytes == FirstVersionBytes;
        mark = new Mark(
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            new Guid(source.Slice(24, 16), bigEndian: true),
            new Guid(source.Slice(40, 16), bigEndian: true),
            (BinaryPrimitives.ReadUInt16LittleEndian(source[10..]) & CleanFlag) != 0,
            isFirstVersion ? ReadLane(source[HeadBytes..]) : FindLane(source[HeadBytes..(bytes - 4)], SpoolLane.Alarm),
            isFirstVersion ? ReadLane(source[(HeadBytes + FirstVersionLaneBytes)..]) : FindLane(source[HeadBytes..(bytes - 4)], SpoolLane.Live),
            isFirstVersion ? default : FindLane(source[HeadBytes..(bytes - 4)], SpoolLane.Backlog));
        return true;
    }

    public LaneMark Of(SpoolLane lane) => lane switch
    {
        SpoolLane.Alarm => Alarm,
        SpoolLane.Live => Live,
        _ => Backlog,
    };

    private static void WriteLane(Span<byte> target, SpoolLane number, LaneMark lane)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)number);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], lane.Released);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], lane.Written.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], lane.Written.Items);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], lane.Written.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], lane.Reserved);
    }

    /// <summary>A lane that has no entry has had nothing yet.</summary>
    private static LaneMark FindLane(ReadOnlySpan<byte> lanes, SpoolLane number)
    {
        for (; lanes.Length >= LaneBytes; lanes = lanes[LaneBytes..])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(lanes) == (uint)number)
            {
                return ReadLane(lanes[8..]) with { Reserved = BinaryPrimitives.ReadUInt64LittleEndian(lanes[40..]) };
            }
        }
        return default;
    }

    private static LaneMark ReadLane(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        new Position(
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..])));
}
