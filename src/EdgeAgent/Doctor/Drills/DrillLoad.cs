namespace EdgeAgent.Doctor.Drills;

/// <summary>What a drill publishes, 64 messages at a time.</summary>
/// <param name="Length">Characters of a message.</param>
/// <param name="Pause">Of each of the 64 between an acknowledgement and the next message.</param>
internal sealed record DrillLoad(int Length, TimeSpan Pause)
{
    /// <summary>For drills that are about messages: a thousand a second or so, which is little to write and to remember.</summary>
    public static readonly DrillLoad Messages = new(40, TimeSpan.FromMilliseconds(20));

    /// <summary>For the one that is about bytes: the longest texts that a reading may be, as fast as they are taken.</summary>
    public static readonly DrillLoad Bytes = new(1_000, TimeSpan.Zero);
}
