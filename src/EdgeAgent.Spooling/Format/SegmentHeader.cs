using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// The first bytes of a segment file. Records follow at once (<see cref="RecordHeader"/>).
/// <code>
/// segment := header record* rest
/// header  := magic[8] = "EASPSEG\n"
///            version u16le                1: as appended; 2: thinned
///            lane u8
///            level u8                     0 in version 1
///            segment_bytes u32le          the size of the whole file
///            spool_id[16] boot_id[16]     big-endian text order; the boot that began the segment
///            first_sequence u64le
///            items_before u64le           readings appended to the lane before this segment
///            bytes_before u64le           payload bytes appended to the lane before this segment
///            zero u32le | summary         in version 1 | in version 2 (ThinningSummary)
///            crc u32le                    CRC-32C of all bytes before: 76 in version 1, 116 in version 2
/// rest    := zeros up to the end of the 4 KiB page, then zeros or the file's previous life
/// </code>
/// All integers are little-endian. The running totals make a loss countable: what is missing between two segments is the difference.
/// </summary>
internal readonly record struct SegmentHeader(
    SegmentIdentity Identity, Guid BootId, int SegmentBytes, ulong ItemsBefore, ulong BytesBefore, ThinningSummary Summary = default)
{
    /// <summary>Of the longer form; whatever is read as a header is at least as long.</summary>
    public const int MostBytes = 120;

    /// <summary>Of version 1.</summary>
    public const int Bytes = 80;

    private const int CommonBytes = 72;

    private static ReadOnlySpan<byte> Magic => "EASPSEG\n"u8;

    /// <summary>Where the records of a segment begin.</summary>
    public static int BytesOf(in SegmentIdentity identity) => identity.Level == 0 ? Bytes : MostBytes;

    public void Write(Span<byte> target)
    {
        int bytes = BytesOf(Identity);
        target[..bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], (ushort)(Identity.Level == 0 ? 1 : 2));
        target[10] = (byte)Identity.Lane;
        target[11] = (byte)Identity.Level;
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], SegmentBytes);
        Identity.SpoolId.TryWriteBytes(target[16..], bigEndian: true, out _);
        BootId.TryWriteBytes(target[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], Identity.First);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], ItemsBefore);
        BinaryPrimitives.WriteUInt64LittleEndian(target[64..], BytesBefore);
        if (Identity.Level > 0)
        {
            Summary.Write(target[CommonBytes..], Identity.Thinned);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(target[(bytes - 4)..], Crc32C.Compute(target[..(bytes - 4)]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        header = default;
        if (source.Length < MostBytes || !source.StartsWith(Magic))
        {
            return false;
        }
        int bytes = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]) switch
        {
            1 => Bytes,
            2 => MostBytes,
            _ => 0,
        };
        if (bytes == 0 || BinaryPrimitives.ReadUInt32LittleEndian(source[(bytes - 4)..]) != Crc32C.Compute(source[..(bytes - 4)]))
        {
            return false;
        }
        ThinnedIdentity thinned = default;
        ThinningSummary summary = bytes == Bytes ? default : ThinningSummary.Read(source[CommonBytes..], source[11], out thinned);
        if (bytes == MostBytes && thinned.Level == 0)
        {
            return false;
        }
        var identity = new SegmentIdentity(
            new Guid(source.Slice(16, 16), bigEndian: true),
            (SpoolLane)source[10],
            BinaryPrimitives.ReadUInt64LittleEndian(source[48..]),
            thinned);
        header = new SegmentHeader(
            identity,
            new Guid(source.Slice(32, 16), bigEndian: true),
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[56..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[64..]),
            summary);
        return true;
    }
}
