using System.Buffers.Binary;

namespace EdgeAgent.Flash;

/// <summary>
/// How far the day's budget is used, over restarts:
/// <code>
/// file    := magic "EAFD", version u8 (1), clean u8 (0 | 1), zero u16, elapsed u64 (100 ns), written u64, crc32c u32 of all before
/// clean   := 1 where the process ended in order; else it may have written on after this
/// </code>
/// Integers are little-endian. Written over in one piece and rarely. It is no truth that anything hangs on: a file that is missing or damaged begins
/// a new day.
/// </summary>
internal sealed class FlashDayFile(string path)
{
    private const int Bytes = 28;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "EAFD"u8;

    /// <returns>False where there is none, or none that makes sense.</returns>
    public bool TryRead(out FlashDay day, out bool isClean)
    {
        (day, isClean) = (default, false);
        if (!ChecksummedFile.TryRead(path, out byte[] bytes))
        {
            return false;
        }
        ReadOnlySpan<byte> all = bytes;
        if (all.Length != Bytes || !all.StartsWith(Magic) || all[4] != Version)
        {
            return false;
        }
        long elapsed = BinaryPrimitives.ReadInt64LittleEndian(all[8..]);
        long written = BinaryPrimitives.ReadInt64LittleEndian(all[16..]);
        if (elapsed < 0 || elapsed >= FlashDay.Length.Ticks || written < 0)
        {
            return false;
        }
        (day, isClean) = (new FlashDay(TimeSpan.FromTicks(elapsed), written), all[5] == 1);
        return true;
    }

    /// <summary>Not synced: after a power cut the last one or none is there, and either will do.</summary>
    /// <returns>False where the disk does not take it.</returns>
    public bool TryWrite(FlashDay day, bool isClean)
    {
        byte[] bytes = new byte[Bytes];
        Span<byte> all = bytes;
        Magic.CopyTo(all);
        (all[4], all[5]) = (Version, (byte)(isClean ? 1 : 0));
        BinaryPrimitives.WriteInt64LittleEndian(all[8..], day.Elapsed.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(all[16..], day.Written);
        ChecksummedFile.Seal(all);
        try
        {
            File.WriteAllBytes(path, bytes);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
