namespace EdgeAgent.Clock;

/// <summary>Whom to believe about the time. Section <c>clock</c> of the configuration.</summary>
internal sealed class ClockOptions
{
    /// <summary>When the wall clock counts as right. Default <see cref="ClockTrust.Kernel"/>: a board without a battery starts in 1970.</summary>
    public ClockTrust Trust { get; set; } = ClockTrust.Kernel;
}
