using System.Buffers.Binary;
using System.Globalization;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// What makes one life of a segment file different from every other life of it:
/// <code>
/// identity  := spool_id[16, big-endian text order] lane u8 first_sequence u64le
/// file name := lane "-" first_sequence as 16 hexadecimal digits ".segment"      e.g. live-0000000000000001.segment
/// </code>
/// It can be told from the file's name alone, so that a damaged header costs no record.
/// </summary>
internal readonly record struct SegmentIdentity(Guid SpoolId, SpoolLane Lane, ulong First)
{
    private const string Extension = ".segment";
    private const int Bytes = 16 + 1 + 8;

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{NameOf(Lane)}-{First:x16}{Extension}");

    /// <summary>
    /// The state in which the checksum of every record of this segment starts: CRC-32C is computed as if the identity stood before each
    /// record. Segment files are reused without being wiped. A record of the file's previous life has a sequence below this life's
    /// first, unless the file came from the other lane or from another spool; then its checksum fails.
    /// </summary>
    public uint ChecksumSeed()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        SpoolId.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[16] = (byte)Lane;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[17..], First);
        return Crc32C.Append(Crc32C.Start, bytes);
    }

    public static bool TryParse(string fileName, out SpoolLane lane, out ulong first)
    {
        first = 0;
        lane = default;
        foreach (SpoolLane candidate in (ReadOnlySpan<SpoolLane>)[SpoolLane.Alarm, SpoolLane.Live])
        {
            string prefix = NameOf(candidate) + "-";
            if (fileName.StartsWith(prefix, StringComparison.Ordinal)
                && fileName.EndsWith(Extension, StringComparison.Ordinal)
                && fileName.Length == prefix.Length + 16 + Extension.Length
                && ulong.TryParse(
                    fileName.AsSpan(prefix.Length, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out first)
                && first > 0)
            {
                lane = candidate;
                return true;
            }
        }
        return false;
    }

    private static string NameOf(SpoolLane lane) => lane == SpoolLane.Alarm ? "alarm" : "live";
}
