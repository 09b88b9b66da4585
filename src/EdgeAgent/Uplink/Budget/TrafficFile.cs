using System.Buffers.Binary;
using EdgeAgent.Flash;

namespace EdgeAgent.Uplink.Budget;

/// <summary>
/// What passed the line, over restarts, beside the spool:
/// <code>
/// file   := magic "EATR", version u8 (1), clean u8 (0 | 1), known u8 (0 | 1), zero u8,
///           boot (16 bytes, as RFC 9562 writes it), at u64 (100 ns since that boot), unplaced u64 (bytes),
///           period (day), period (month), bytes f64, days f64 (of late), crc32c u32 of all before
/// period := begin i64 (100 ns since 0001-01-01 UTC; 0: not known), elapsed u64 (100 ns), used u64 (bytes)
/// </code>
/// Numbers are little-endian. A file that is missing or damaged begins a new day and a new month.
/// </summary>
internal sealed class TrafficFile(string path)
{
    private const int Bytes = 108;
    private const int DayAt = 40;
    private const int MonthAt = 64;
    private const int RecentAt = 88;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "EATR"u8;

    /// <summary>The one that belongs to a spool.</summary>
    public static TrafficFile Beside(string spoolPath) => new(Path.TrimEndingDirectorySeparator(spoolPath) + ".traffic");

    /// <returns>False where there is none, or none that makes sense.</returns>
    public bool TryRead(out TrafficMemory memory)
    {
        memory = default;
        if (!ChecksummedFile.TryRead(path, out byte[] bytes))
        {
            return false;
        }
        ReadOnlySpan<byte> all = bytes;
        if (all.Length != Bytes || !all.StartsWith(Magic) || all[4] != Version
            || !TryReadPeriod(all[DayAt..], out PeriodState day) || !TryReadPeriod(all[MonthAt..], out PeriodState month))
        {
            return false;
        }
        long at = BinaryPrimitives.ReadInt64LittleEndian(all[24..]);
        long unplaced = BinaryPrimitives.ReadInt64LittleEndian(all[32..]);
        var recent = new RecentTraffic(BinaryPrimitives.ReadDoubleLittleEndian(all[RecentAt..]), BinaryPrimitives.ReadDoubleLittleEndian(all[(RecentAt + 8)..]));
        if (at < 0 || unplaced < 0 || recent is not { Bytes: >= 0 and < double.PositiveInfinity, Days: >= 0 and < double.PositiveInfinity })
        {
            return false;
        }
        memory = new TrafficMemory(new Guid(all.Slice(8, 16), bigEndian: true), TimeSpan.FromTicks(at), all[6] == 1, unplaced, all[5] == 1, day, month, recent);
        return true;
    }

    /// <returns>False where the disk does not take it.</returns>
    public bool TryWrite(TrafficMemory memory)
    {
        byte[] bytes = new byte[Bytes];
        Span<byte> all = bytes;
        Magic.CopyTo(all);
        (all[4], all[5], all[6]) = (Version, (byte)(memory.IsClean ? 1 : 0), (byte)(memory.IsTimeKnown ? 1 : 0));
        memory.Boot.TryWriteBytes(all[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(all[24..], memory.At.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(all[32..], memory.Unplaced);
        WritePeriod(all[DayAt..], memory.Day);
        WritePeriod(all[MonthAt..], memory.Month);
        BinaryPrimitives.WriteDoubleLittleEndian(all[RecentAt..], memory.Recent.Bytes);
        BinaryPrimitives.WriteDoubleLittleEndian(all[(RecentAt + 8)..], memory.Recent.Days);
        return ChecksummedFile.TryReplace(path, bytes);
    }

    private static bool TryReadPeriod(ReadOnlySpan<byte> bytes, out PeriodState state)
    {
        long begin = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        long elapsed = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        long used = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        bool isSound = begin >= 0 && begin <= DateTimeOffset.MaxValue.Ticks && elapsed >= 0 && used >= 0;
        state = isSound ? new PeriodState(begin == 0 ? null : new DateTimeOffset(begin, TimeSpan.Zero), TimeSpan.FromTicks(elapsed), used) : default;
        return isSound;
    }

    private static void WritePeriod(Span<byte> bytes, PeriodState state)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, state.Begin?.UtcTicks ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], state.Elapsed.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], state.Bytes);
    }
}
