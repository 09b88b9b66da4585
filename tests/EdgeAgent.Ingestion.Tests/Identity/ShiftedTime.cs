namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>The system's clock, with a calendar that a test turns. Timers run as ever.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
