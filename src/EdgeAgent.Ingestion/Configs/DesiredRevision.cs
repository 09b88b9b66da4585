namespace EdgeAgent.Ingestion.Configs;

/// <summary>What a device should run, and what the service knows of what it does run.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Inputs">Of which versions the revision is made.</param>
/// <param name="Number">The revision's; 0: there is none, the device runs its own file.</param>
/// <param name="Hash">Of its document; empty where there is none.</param>
/// <param name="IsRepeated">The same bytes as in a revision before, sent again because somebody said so.</param>
/// <param name="IsRefused">The device has rejected or reverted these bytes: it is not sent them.</param>
/// <param name="HeldNumber">What it said that it runs; 0: its own file, or nothing was heard yet.</param>
/// <param name="HeldHash">The hash of that; empty where there is none.</param>
/// <param name="SentNumber">What it was sent last; 0: nothing.</param>
/// <param name="Sent">When, in nanoseconds since 1970.</param>
/// <param name="Watched">When it first asked for its configuration; 0: never.</param>
/// <param name="AgentVersion">As it said then.</param>
/// <param name="Changed">Ascends over all devices.</param>
internal sealed record DesiredRevision(
    string Device, string Inputs, long Number, byte[] Hash, bool IsRepeated, bool IsRefused, long HeldNumber, byte[] HeldHash, long SentNumber, long Sent,
    long Watched, string AgentVersion, long Changed)
{
    /// <summary>Whether the device would be sent something if it asked now, as far as is known.</summary>
    public bool IsAwaited => Number > 0 && !IsRefused && !Hash.AsSpan().SequenceEqual(HeldHash);

    /// <summary>A device of which nothing is known yet.</summary>
    public static DesiredRevision Unknown(string device) => new(device, "", 0, [], false, false, 0, [], 0, 0, 0, "", 0);
}
