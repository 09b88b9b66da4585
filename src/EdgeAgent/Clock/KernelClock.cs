using System.Runtime.InteropServices;
using EdgeAgent.Sensors;

namespace EdgeAgent.Clock;

/// <summary>
/// Linux: CLOCK_BOOTTIME by clock_gettime(2), and whether the wall clock is synchronized by adjtimex(2), which changes nothing here.
/// <code>
/// struct timex := modes u32 (0), padding to a long, offset long, freq long, maxerror long (µs), esterror long, status i32, …
/// </code>
/// A long is 4 bytes or 8, as the machine has it. The rest differs between C libraries and is not looked at: it gets more room than any takes.
/// </summary>
internal sealed partial class KernelClock(TimeProvider wall) : IMachineClock
{
    private const int BootTimeClock = 7; // CLOCK_BOOTTIME of linux/time.h
    private const int StatusUnsynchronized = 0x40; // STA_UNSYNC of linux/timex.h
    private const int TimexRoom = 512; // 208 bytes with glibc and 64 bits
    private const int MaximumErrorAt = 3; // in longs, as the next
    private const int StatusAt = 5;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMicrosecond = 1_000;

    /// <summary>What the kernel itself calls unsynchronized, NTP_PHASE_LIMIT: 16 s.</summary>
    private const long LargestError = 16_000_000;

    public Guid BootId => Batching.BootId.Current;

    public long BootNanoseconds
    {
        get
        {
            // Cannot fail: the clock exists since Linux 2.6.39.
            _ = GetTime(BootTimeClock, out Timespec time);
            return ((long)time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
        }
    }

    public long WallNanoseconds => UnixTime.Nanoseconds(wall.GetUtcNow());

    public KernelSync Sync
    {
        get
        {
            Span<byte> timex = stackalloc byte[TimexRoom];
            timex.Clear();
            return AdjustTime(ref timex[0]) < 0 ? new KernelSync(KernelSyncState.Unknown) : Read(timex, IntPtr.Size);
        }
    }

    /// <param name="timex">As the kernel has filled it in.</param>
    /// <param name="sizeOfLong">4 or 8.</param>
    public static KernelSync Read(ReadOnlySpan<byte> timex, int sizeOfLong)
    {
        ReadOnlySpan<byte> error = timex[(MaximumErrorAt * sizeOfLong)..];
        long microseconds = sizeOfLong == sizeof(int) ? MemoryMarshal.Read<int>(error) : MemoryMarshal.Read<long>(error);
        int status = MemoryMarshal.Read<int>(timex[(StatusAt * sizeOfLong)..]);
        return (status & StatusUnsynchronized) != 0 || microseconds >= LargestError
            ? new KernelSync(KernelSyncState.Unsynchronized)
            : new KernelSync(KernelSyncState.Synchronized, microseconds * NanosecondsPerMicrosecond);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition] // some 30 ns, and never blocks
    private static partial int GetTime(int clock, out Timespec time);

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjustTime(ref byte timex);

    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
