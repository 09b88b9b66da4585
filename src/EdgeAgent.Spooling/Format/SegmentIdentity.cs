using System.Buffers.Binary;
using System.Globalization;

namespace EdgeAgent.Spooling.Format;

/// <summary>
/// What makes one life of a segment file different from every other life of it:
/// <code>
/// identity  := spool_id[16, big-endian text order] lane u8 first_sequence u64le
///              [through u64le level u8 salt u32le]                                of a thinned segment only
/// file name := lane "-" first_sequence ["-" through "-" level "-" salt] ".segment"
///              in 16, 16, 1 and 8 hexadecimal digits      e.g. live-0000000000000001.segment
/// </code>
/// It can be told from the file's name alone, so that a damaged header costs no record.
/// </summary>
internal readonly record struct SegmentIdentity(Guid SpoolId, SpoolLane Lane, ulong First, ThinnedIdentity Thinned = default)
{
    private const string Extension = ".segment";
    private const int RawBytes = 16 + 1 + 8;
    private const int ThinnedBytes = RawBytes + 8 + 1 + 4;
    private const int RawDigits = 16;
    private const int ThinnedDigits = RawDigits + 1 + 16 + 1 + 1 + 1 + 8;

    /// <summary>How often its records were thinned; 0 for what was appended.</summary>
    public int Level => Thinned.Level;

    public string FileName => Level == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{NameOf(Lane)}-{First:x16}{Extension}")
        : string.Create(
            CultureInfo.InvariantCulture, $"{NameOf(Lane)}-{First:x16}-{Thinned.Through:x16}-{Level:x1}-{Thinned.Salt:x8}{Extension}");

    /// <summary>
    /// The state in which the checksum of every record of this segment starts: CRC-32C is computed as if the identity stood before each
    /// record. Segment files are reused without being wiped. A record of the file's previous life has a sequence below this life's
    /// first, unless the file came from another lane, from another spool or from what was thinned; then its checksum fails.
    /// </summary>
    public uint ChecksumSeed()
    {
        Span<byte> bytes = stackalloc byte[ThinnedBytes];
        SpoolId.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[16] = (byte)Lane;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[17..], First);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[25..], Thinned.Through);
        bytes[33] = Thinned.Level;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[34..], Thinned.Salt);
        return Crc32C.Append(Crc32C.Start, bytes[..(Level == 0 ? RawBytes : ThinnedBytes)]);
    }

    /// <summary>Reads a file's name. It does not say which spool the segment belongs to: that is left empty.</summary>
    public static bool TryParse(string fileName, out SegmentIdentity identity)
    {
        identity = default;
        foreach (SpoolLane lane in Lanes.All)
        {
            string prefix = NameOf(lane) + "-";
            if (fileName.StartsWith(prefix, StringComparison.Ordinal) && fileName.EndsWith(Extension, StringComparison.Ordinal))
            {
                return TryParse(lane, fileName.AsSpan(prefix.Length, Math.Max(0, fileName.Length - prefix.Length - Extension.Length)), out identity);
            }
        }
        return false;
    }

    private static bool TryParse(SpoolLane lane, ReadOnlySpan<char> digits, out SegmentIdentity identity)
    {
        identity = default;
        if (digits.Length is not (RawDigits or ThinnedDigits) || !TryHex(digits[..16], out ulong first) || first == 0)
        {
            return false;
        }
        if (digits.Length == RawDigits)
        {
            identity = new SegmentIdentity(Guid.Empty, lane, first);
            return true;
        }
        if (digits[16] != '-' || digits[33] != '-' || digits[35] != '-'
            || !TryHex(digits[17..33], out ulong through) || !TryHex(digits[34..35], out ulong level) || !TryHex(digits[36..], out ulong salt)
            || through < first || level == 0)
        {
            return false;
        }
        identity = new SegmentIdentity(Guid.Empty, lane, first, new ThinnedIdentity((byte)level, through, (uint)salt));
        return true;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out ulong value) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    public static string NameOf(SpoolLane lane) => lane switch
    {
        SpoolLane.Alarm => "alarm",
        SpoolLane.Live => "live",
        _ => "backlog",
    };
}

/// <summary>What a thinned segment has in its identity beyond where it begins. All zero: it was not thinned.</summary>
/// <param name="Level">How often its records were thinned: 1 to 15.</param>
/// <param name="Through">The last sequence of the stretch that it replaces.</param>
/// <param name="Salt">
/// Any number, other than that of an attempt before. A stretch is thinned again and again as it grows, into files that held it before;
/// what lies behind the new records must not look like them.
/// </param>
internal readonly record struct ThinnedIdentity(byte Level, ulong Through, uint Salt);
