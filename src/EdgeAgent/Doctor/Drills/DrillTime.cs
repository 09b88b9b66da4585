namespace EdgeAgent.Doctor.Drills;

/// <summary>The machine's time with a wall clock that a drill sets. Timers and what only counts are the machine's own.</summary>
internal sealed class DrillTime : TimeProvider
{
    private long _behindTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(-Volatile.Read(ref _behindTicks));

    /// <summary>What the wall clock shows from now on.</summary>
    public void Set(DateTimeOffset now) => Volatile.Write(ref _behindTicks, (base.GetUtcNow() - now).Ticks);

    /// <summary>It shows the machine's.</summary>
    public void SetRight() => Volatile.Write(ref _behindTicks, 0);
}
