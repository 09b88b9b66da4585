namespace EdgeAgent.Clock;

/// <summary>What somebody says of how far the clock since boot lies behind Unix time, in nanoseconds.</summary>
/// <param name="Offset">Unix time less the time since boot.</param>
/// <param name="Uncertainty">How far it may have been off when it was said, in either direction.</param>
/// <param name="At">When that was, since boot.</param>
/// <param name="IsVouched">By the kernel or the service; otherwise it is only what the wall clock shows.</param>
internal readonly record struct OffsetEstimate(long Offset, long Uncertainty, long At, bool IsVouched)
{
    /// <summary>A quartz that nobody disciplines runs wrong by up to 100 ppm, 9 s a day.</summary>
    private const long PartsOfDrift = 10_000;

    public long UncertaintyAt(long bootNanoseconds) => Uncertainty + (Math.Max(0, bootNanoseconds - At) / PartsOfDrift);

    /// <summary>Whether another offset is as likely as this one.</summary>
    public bool Admits(long offset, long bootNanoseconds) => Int128.Abs((Int128)offset - Offset) <= UncertaintyAt(bootNanoseconds);
}
