namespace EdgeAgent.Pacing;

/// <summary>
/// How fast something changes of late: a mean in which a moment counts for less the longer ago it is, a third of it after the memory's time. Pure; told the time.
/// </summary>
internal struct RecentMean(TimeSpan memory)
{
    private double _rate;
    private double _weight; // 0: nothing is known; towards 1: a full memory

    /// <summary>Per second; null while nothing is known.</summary>
    public readonly double? PerSecond => _weight > 0 ? _rate / _weight : null;

    /// <summary>It has changed by so much in so long, which is more than nothing.</summary>
    public void Add(double change, TimeSpan within)
    {
        double kept = Math.Exp(-within.TotalSeconds / memory.TotalSeconds);
        _rate = (_rate * kept) + (change / within.TotalSeconds * (1 - kept));
        _weight = (_weight * kept) + (1 - kept);
    }

    /// <summary>What comes next is another thing.</summary>
    public void Forget() => (_rate, _weight) = (0, 0);
}
