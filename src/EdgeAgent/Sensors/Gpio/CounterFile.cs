using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Flash;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// What was counted, over restarts, beside the spool:
/// <code>
/// file    := magic "EAPC", version u8 (1), clean u8 (0 | 1), counters u16 (0 to 168), zero u32, counter *, crc32c u32 of all before
/// counter := name (16 bytes: the first of the series' SHA-256), pulses u64
/// clean   := 1 where the process ended in order; else it may have counted on after this
/// </code>
/// Integers are little-endian. Replaced in one piece, in one page. Counters that the configuration does not name any more stay, the latest first, while there is
/// room. A file that is missing or damaged: counting begins at zero.
/// </summary>
internal sealed class CounterFile(string path)
{
    private const int HeaderBytes = 12;
    private const int CounterBytes = 24;
    private const int NameBytes = 16;
    private const int ChecksumBytes = 4;
    private const int MaximumCounters = 168;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "EAPC"u8;

    /// <summary>The one that belongs to a spool.</summary>
    public static CounterFile Beside(string spoolPath) => new(Path.TrimEndingDirectorySeparator(spoolPath) + ".counters");

    public static UInt128 NameOf(string series) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(series)));

    /// <returns>False where there is none, or none that makes sense.</returns>
    public bool TryRead(out IReadOnlyList<(UInt128 Name, long Pulses)> counters, out bool isClean)
    {
        (counters, isClean) = ([], false);
        if (!ChecksummedFile.TryRead(path, out byte[] bytes))
        {
            return false;
        }
        ReadOnlySpan<byte> all = bytes;
        if (all.Length < HeaderBytes + ChecksumBytes || !all.StartsWith(Magic) || all[4] != Version)
        {
            return false;
        }
        int count = BinaryPrimitives.ReadUInt16LittleEndian(all[6..]);
        if (all.Length != HeaderBytes + (count * CounterBytes) + ChecksumBytes)
        {
            return false;
        }
        var read = new (UInt128, long)[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> counter = all.Slice(HeaderBytes + (i * CounterBytes), CounterBytes);
            read[i] = (BinaryPrimitives.ReadUInt128LittleEndian(counter), BinaryPrimitives.ReadInt64LittleEndian(counter[NameBytes..]));
        }
        (counters, isClean) = (read, all[5] == 1);
        return true;
    }

    /// <param name="counters">The first of them where there are too many.</param>
    /// <param name="isClean">Nothing is counted after this.</param>
    /// <returns>False where the disk does not take it.</returns>
    public bool TryWrite(IReadOnlyList<(UInt128 Name, long Pulses)> counters, bool isClean)
    {
        int count = Math.Min(counters.Count, MaximumCounters);
        byte[] bytes = new byte[HeaderBytes + (count * CounterBytes) + ChecksumBytes];
        Span<byte> all = bytes;
        Magic.CopyTo(all);
        (all[4], all[5]) = (Version, (byte)(isClean ? 1 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(all[6..], (ushort)count);
        for (int i = 0; i < count; i++)
        {
            Span<byte> counter = all.Slice(HeaderBytes + (i * CounterBytes), CounterBytes);
            BinaryPrimitives.WriteUInt128LittleEndian(counter, counters[i].Name);
            BinaryPrimitives.WriteInt64LittleEndian(counter[NameBytes..], counters[i].Pulses);
        }
        return ChecksummedFile.TryReplace(path, bytes);
    }
}
