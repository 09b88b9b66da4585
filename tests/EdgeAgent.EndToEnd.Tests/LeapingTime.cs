namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The machine's clocks, which a test can put forward together, as if time had passed in which nothing happened. Timers do not see it.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _leaptTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _leaptTicks));

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Volatile.Read(ref _leaptTicks);

    public void Leap(TimeSpan by) => Interlocked.Add(ref _leaptTicks, by.Ticks);
}
