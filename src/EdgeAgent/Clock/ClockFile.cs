using System.Buffers.Binary;
using EdgeAgent.Flash;

namespace EdgeAgent.Clock;

/// <summary>
/// What is known of the time over restarts, beside the spool:
/// <code>
/// file := magic "EACK", version u8 (1), boots u8 (0 to 8), zero u16, last good i64, boot *, crc32c u32 of all before
/// boot := id (16 bytes, as RFC 9562 writes it), offset i64, uncertainty i64       newest first
/// </code>
/// Integers are little-endian; times and offsets are nanoseconds. Replaced in one piece, once an hour. A file that is missing or damaged says nothing: then only
/// the date of the build is known, and times of earlier boots stay provisional.
/// </summary>
internal sealed class ClockFile(string path)
{
    private const int HeaderBytes = 16;
    private const int BootBytes = 32;
    private const int ChecksumBytes = 4;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "EACK"u8;

    /// <summary>The one that belongs to a spool.</summary>
    public static ClockFile Beside(string spoolPath) => new(Path.TrimEndingDirectorySeparator(spoolPath) + ".clock");

    /// <returns><see cref="ClockMemory.Nothing"/> where there is none, or none that makes sense.</returns>
    public ClockMemory Read()
    {
        if (!ChecksummedFile.TryRead(path, out byte[] bytes))
        {
            return ClockMemory.Nothing;
        }
        ReadOnlySpan<byte> all = bytes;
        if (all.Length < HeaderBytes || !all.StartsWith(Magic) || all[4] != Version || all[5] > ClockMemory.MaximumBoots
            || all.Length != HeaderBytes + (all[5] * BootBytes) + ChecksumBytes)
        {
            return ClockMemory.Nothing;
        }
        var boots = new BootRelation[all[5]];
        for (int i = 0; i < boots.Length; i++)
        {
            ReadOnlySpan<byte> boot = all.Slice(HeaderBytes + (i * BootBytes), BootBytes);
            boots[i] = new BootRelation(
                new Guid(boot[..16], bigEndian: true), BinaryPrimitives.ReadInt64LittleEndian(boot[16..]), BinaryPrimitives.ReadInt64LittleEndian(boot[24..]));
        }
        return new ClockMemory(BinaryPrimitives.ReadInt64LittleEndian(all[8..]), boots);
    }

    /// <returns>False where the disk does not take it.</returns>
    public bool TryWrite(ClockMemory memory)
    {
        byte[] bytes = new byte[HeaderBytes + (memory.Boots.Count * BootBytes) + ChecksumBytes];
        Span<byte> all = bytes;
        Magic.CopyTo(all);
        (all[4], all[5]) = (Version, (byte)memory.Boots.Count);
        BinaryPrimitives.WriteInt64LittleEndian(all[8..], memory.LastGood);
        for (int i = 0; i < memory.Boots.Count; i++)
        {
            Span<byte> boot = all.Slice(HeaderBytes + (i * BootBytes), BootBytes);
            memory.Boots[i].BootId.TryWriteBytes(boot, bigEndian: true, out _);
            BinaryPrimitives.WriteInt64LittleEndian(boot[16..], memory.Boots[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(boot[24..], memory.Boots[i].Uncertainty);
        }
        return ChecksummedFile.TryReplace(path, bytes);
    }
}
