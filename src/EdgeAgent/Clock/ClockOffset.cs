using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Clock;

/// <summary>
/// What was added to the time since boot to make the time of a reading. Readings that share it are consistent among themselves, whatever the
/// wall clock did meanwhile; and once the right one is known, the difference corrects them all.
/// </summary>
/// <param name="clock">Learns the right one.</param>
/// <param name="nanoseconds">Unix time less the time since boot.</param>
/// <param name="isProvisional">Nobody knew whether it was right.</param>
internal sealed class ClockOffset(AgentClock clock, long nanoseconds, bool isProvisional)
{
    public long Nanoseconds => nanoseconds;

    public bool IsProvisional => isProvisional;

    /// <summary>How far to move the times that were made with it.</summary>
    /// <returns>False where the right one is still not known.</returns>
    public bool TryCorrect(out long shift)
    {
        ClockOffset now = isProvisional ? clock.Offset : this;
        shift = now.Nanoseconds - nanoseconds;
        return !now.IsProvisional;
    }

    /// <summary>What a batch says whose base time was made with it.</summary>
    public BatchClock Describe(long baseTimeUnixNanoseconds) => new()
    {
        State = ClockState.Provisional,
        BootId = clock.BootId,
        BootTimeNanoseconds = baseTimeUnixNanoseconds - nanoseconds,
    };
}
