namespace EdgeAgent.Samples;

/// <summary>How far the readings have come, at one moment. All counts are readings unless the name says otherwise.</summary>
public sealed record FlowSnapshot(
    TimeSpan Elapsed, long Published, long Read, long BufferedBytes, long Committed, long Sent, long Stored, long WireBytes, IReadOnlyList<LatestReading> Latest);

/// <summary>The newest stored reading of a series and the values before it, oldest first.</summary>
public sealed record LatestReading(string Series, string Unit, double Value, IReadOnlyList<double> Trend);
