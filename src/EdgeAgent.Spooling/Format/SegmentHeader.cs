using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// The first bytes of a segment file. Records follow at once (<see cref="RecordHeader"/>).
/// <code>
/// segment := header record* rest
/// header  := magic[8] = "EASPSEG\n"
///            version u16le = 1
///            lane u8
///            zero u8
///            segment_bytes u32le          the size of the whole file
///            spool_id[16] boot_id[16]     big-endian text order; the boot that began the segment
///            first_sequence u64le
///            items_before u64le           readings appended to the lane before this segment
///            bytes_before u64le           payload bytes appended to the lane before this segment
///            zero u32le
///            crc u32le                    CRC-32C of the 76 bytes before
/// rest    := zeros up to the end of the 4 KiB page, then zeros or the file's previous life
/// </code>
/// All integers are little-endian. The running totals make a loss countable: what is missing between two segments is the difference.
/// </summary>
internal readonly record struct SegmentHeader(
    SegmentIdentity Identity, Guid BootId, int SegmentBytes, ulong ItemsBefore, ulong BytesBefore)
{
    public const int Bytes = 80;
    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "EASPSEG\n"u8;

    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], Version);
        target[10] = (byte)Identity.Lane;
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], SegmentBytes);
        Identity.SpoolId.TryWriteBytes(target[16..], bigEndian: true, out _);
        BootId.TryWriteBytes(target[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], Identity.First);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], ItemsBefore);
        BinaryPrimitives.WriteUInt64LittleEndian(target[64..], BytesBefore);
        BinaryPrimitives.WriteUInt32LittleEndian(target[76..], Crc32C.Compute(target[..76]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        header = default;
        if (source.Length < Bytes
            || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt16LittleEndian(source[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[76..]) != Crc32C.Compute(source[..76]))
        {
            return false;
        }
        var identity = new SegmentIdentity(
            new Guid(source.Slice(16, 16), bigEndian: true), (SpoolLane)source[10], BinaryPrimitives.ReadUInt64LittleEndian(source[48..]));
        header = new SegmentHeader(
            identity,
            new Guid(source.Slice(32, 16), bigEndian: true),
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[56..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[64..]));
        return true;
    }
}
