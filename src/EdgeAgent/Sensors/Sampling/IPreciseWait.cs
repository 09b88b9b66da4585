namespace EdgeAgent.Sensors.Sampling;

/// <summary>How a thread of its own waits: the kernel's finest timer on Linux, and any clock's where that is a test's or another system.</summary>
internal interface IPreciseWait : IDisposable
{
    /// <summary>Back at the instant, or earlier.</summary>
    /// <param name="due">On the clock that nobody sets, nanoseconds; <see cref="long.MaxValue"/> is never.</param>
    /// <param name="isWakeable">Whether <see cref="Wake"/> must end it at once; else it may take 20 ms to be noticed.</param>
    void Until(long due, bool isWakeable);

    /// <summary>Ends the wait that is under way, or else the next one. Any thread.</summary>
    void Wake();
}
