using EdgeAgent.Diagnostics;

namespace EdgeAgent.Processing;

/// <summary>What is kept of a rule while it is in force.</summary>
/// <param name="Windows">The open windows of its series.</param>
/// <param name="Counts">What it did.</param>
internal sealed record RuleWork(OpenWindows Windows, TotalBy<RuleEffect> Counts)
{
    /// <summary>The log has been told that windows or alarms of the rule cannot be had.</summary>
    public bool IsObstacleTold { get; set; }
}
