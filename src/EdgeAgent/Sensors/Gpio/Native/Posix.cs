using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Gpio.Native;

/// <summary>
/// What of the C library is needed and .NET does not have: .NET's own open locks the file and asks for its length, neither of which a device understands.
/// Constants are those of Linux on x86 and ARM.
/// </summary>
internal static partial class Posix
{
    public const int NoPermission = 1; // EPERM
    public const int NoSuchFile = 2; // ENOENT
    public const int NoSuchDevice = 19; // ENODEV
    public const int NoSuchDeviceOrAddress = 6; // ENXIO
    public const int TryAgain = 11; // EAGAIN
    public const int AccessDenied = 13; // EACCES
    public const int Busy = 16; // EBUSY
    public const int Invalid = 22; // EINVAL
    public const int NotSupported = 95; // EOPNOTSUPP
    public const int KernelNotSupported = 524; // ENOTSUPP, which some drivers let through

    public const short PollIn = 0x1;

    private const int ReadWrite = 0x2;
    private const int CloseOnExec = 0x80000;
    private const int SetStatusFlags = 4; // F_SETFL
    private const int NonBlocking = 0x800; // O_NONBLOCK and EFD_NONBLOCK
    private const int MonotonicClock = 1; // CLOCK_MONOTONIC
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The clock of the events' timestamps: since the machine started, without the time it was suspended.</summary>
    public static long MonotonicNanoseconds
    {
        get
        {
            // Cannot fail: every kernel has the clock.
            _ = GetTime(MonotonicClock, out Timespec time);
            return ((long)time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
        }
    }

    /// <returns>An invalid handle where it failed; the error is the last P/Invoke error.</returns>
    public static SafeFileHandle Open(string path) => OpenFile(path, ReadWrite | CloseOnExec);

    /// <summary>Calls on it return instead of waiting.</summary>
    /// <returns>Negative where it failed.</returns>
    public static int NeverWait(SafeHandle descriptor) => Control(descriptor, SetStatusFlags, NonBlocking);

    /// <summary>A descriptor that can be read once somebody has written a u64 to it.</summary>
    public static SafeFileHandle CreateWakeUp() => EventDescriptor(0, NonBlocking | CloseOnExec);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle descriptor, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle descriptor, in ulong count, nint bytes);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial SafeFileHandle EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition] // some 30 ns, and never blocks
    private static partial int GetTime(int clock, out Timespec time);

    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}

/// <summary><c>struct pollfd</c>. A negative descriptor is left out.</summary>
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Seen;
}
