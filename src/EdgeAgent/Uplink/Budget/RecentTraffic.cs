namespace EdgeAgent.Uplink.Budget;

/// <summary>Bytes a day of late: each hour counts for less the longer ago it is, to a third after three days.</summary>
/// <param name="Bytes">Weighted.</param>
/// <param name="Days">Of running, weighted in the same way; so that a short history is not taken for a quiet one.</param>
internal readonly record struct RecentTraffic(double Bytes, double Days)
{
    /// <summary>Long enough to even out days, short enough to show a change of the settings on the next one.</summary>
    private const double MemoryDays = 3;

    /// <summary>An hour: from less nothing is concluded.</summary>
    private const double LeastDays = 1 / 24.0;

    /// <summary>Null while nothing can be said.</summary>
    public double? BytesPerDay => Days >= LeastDays ? Bytes / Days : null;

    public RecentTraffic Passed(TimeSpan time, long bytes)
    {
        double rest = Math.Exp(-time.TotalDays / MemoryDays);
        return new RecentTraffic((Bytes * rest) + bytes, (Days * rest) + time.TotalDays);
    }
}
