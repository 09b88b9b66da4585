using System.Runtime.InteropServices;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// Linux: clock_nanosleep(2) to an absolute instant of CLOCK_MONOTONIC, which is what <see cref="TimeProvider.System"/> counts by. A thread that sleeps
/// so cannot be woken, so where somebody might want to, all but the last 2 ms are spent at an event.
/// </summary>
internal sealed partial class NanosleepWait : IPreciseWait
{
    private const int MonotonicClock = 1; // CLOCK_MONOTONIC of linux/time.h
    private const int AbsoluteTime = 1; // TIMER_ABSTIME
    private const int Interrupted = 4; // EINTR
    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK of linux/prctl.h
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>20 ms: the longest interval of a sensor that is read so. A stop is not held up by more.</summary>
    private const long LongestDeaf = 20 * NanosecondsPerMillisecond;

    /// <summary>What an event's timer may come too late.</summary>
    private const long Coarse = 2 * NanosecondsPerMillisecond;

    private readonly AutoResetEvent _wake = new(initialState: false);
    private bool _isSharp;

    public void Until(long due, bool isWakeable)
    {
        if (!_isSharp)
        {
            // Of this thread alone. Else the kernel may let each sleep last 50 µs longer, to save wake-ups. Where it is refused, it stays so.
            _ = Control(SetTimerSlack, 1, 0, 0, 0);
            _isSharp = true;
        }
        if (due == long.MaxValue)
        {
            _wake.WaitOne();
            return;
        }
        long left = due - Now();
        if ((isWakeable || left > LongestDeaf) && left > Coarse && _wake.WaitOne((int)Math.Min(int.MaxValue, (left - Coarse) / NanosecondsPerMillisecond)))
        {
            return;
        }
        (long seconds, long nanoseconds) = Math.DivRem(due, NanosecondsPerSecond);
        var instant = new Timespec { Seconds = (nint)seconds, Nanoseconds = (nint)nanoseconds };
        while (Sleep(MonotonicClock, AbsoluteTime, in instant, 0) == Interrupted)
        {
        }
    }

    public void Wake() => _wake.Set();

    public void Dispose() => _wake.Dispose();

    private static long Now() => TimeProvider.System.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in Timespec until, nint left);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint argument, nuint unused3, nuint unused4, nuint unused5);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
