namespace EdgeAgent.Batching;

/// <summary>Which of a series' readings are worth a place on flash. Entry of section <c>report</c> of the configuration.</summary>
internal sealed record ReportRule
{
    /// <summary>Report everything.</summary>
    public static ReportRule Everything { get; } = new();

    /// <summary>Names of the series the rule is for: exact, or a prefix that ends in <c>*</c>. Default <c>*</c>: all.</summary>
    public string Series { get; init; } = "*";

    /// <summary>
    /// A number is left out while it is no further than this from the last reported one, in the unit of the series; booleans and texts
    /// while they are the same. Default null: every reading is reported. 0 leaves out exact repetitions.
    /// </summary>
    public double? Deadband { get; init; }

    /// <summary>
    /// With a deadband: report at least this often, so that silence means a fault and not a steady value. Default 15 min.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Readings that come sooner than this after the last reported one are left out, unless their quality changed. Default zero: none.
    /// For sources that repeat themselves; a last change that falls into the interval is reported with the next reading only.
    /// </summary>
    public TimeSpan MinimumInterval { get; init; } = TimeSpan.Zero;

    public bool LeavesOut => Deadband is not null || MinimumInterval > TimeSpan.Zero;

    public bool IsFor(string series) => Series.EndsWith('*')
        ? series.AsSpan().StartsWith(Series.AsSpan()[..^1], StringComparison.Ordinal)
        : string.Equals(series, Series, StringComparison.Ordinal);
}
