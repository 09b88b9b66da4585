namespace EdgeAgent.Scanning;

/// <summary>What one look gave: what is there, where it was looked for, and why something could not be looked at.</summary>
internal sealed class ScanReport
{
    public List<Finding> Findings { get; } = [];

    /// <summary>Folders, buses and brokers.</summary>
    public List<string> LookedAt { get; } = [];

    /// <summary>Whole sentences, each with what to do.</summary>
    public List<string> Problems { get; } = [];

    public void Add(ScanReport other)
    {
        Findings.AddRange(other.Findings);
        LookedAt.AddRange(other.LookedAt);
        Problems.AddRange(other.Problems);
    }
}
