namespace EdgeAgent.Thinning;

/// <summary>The windows of one length that readings of one series fall into, by one clock.</summary>
/// <param name="Series">Whose readings.</param>
/// <param name="Clock">By which clock of <see cref="ThinningClocks"/> their times are. What two clocks say cannot be put into one window.</param>
/// <param name="Seconds">How long a window is.</param>
internal readonly record struct WindowTrack(ThinnedSeries Series, int Clock, uint Seconds)
{
    public long StartOf(long unixNanoseconds) => StartOf(unixNanoseconds, Seconds);

    /// <summary>Windows begin at multiples of their length since 1970, before it too. The very first one there is begins where time does.</summary>
    public static long StartOf(long unixNanoseconds, uint seconds)
    {
        long length = seconds * 1_000_000_000L;
        long into = unixNanoseconds % length;
        into += into < 0 ? length : 0;
        return unixNanoseconds < long.MinValue + into ? long.MinValue : unixNanoseconds - into;
    }
}
