namespace EdgeAgent.Clock;

/// <summary>What is known of the time over restarts.</summary>
/// <param name="LastGood">A time that is certainly over, nanoseconds since 1970; 0 where none is known.</param>
/// <param name="Boots">Of the latest boots, the newest first, those of which it became known when they were.</param>
internal sealed record ClockMemory(long LastGood, IReadOnlyList<BootRelation> Boots)
{
    /// <summary>More boots than eight without one session in between are a device that is not in use.</summary>
    public const int MaximumBoots = 8;

    public static readonly ClockMemory Nothing = new(0, []);

    /// <summary>The same, and what is known of a boot by now.</summary>
    public ClockMemory With(long lastGood, BootRelation boot) =>
        new(lastGood, [boot, .. Boots.Where(known => known.BootId != boot.BootId).Take(MaximumBoots - 1)]);
}
