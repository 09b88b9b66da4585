namespace EdgeAgent.Diagnostics;

/// <summary>
/// How fast a count has grown of late, as a mean in which a moment counts for less the longer ago it is, a third of it after the memory's time. Pure; told counts
/// and times.
/// </summary>
internal sealed class RecentRate(TimeSpan memory)
{
    private TimeSpan _at;
    private long _total;
    private bool _isBegun;
    private double _rate;
    private double _weight; // 0: nothing is known; towards 1: a full memory

    /// <summary>Null while nothing is known yet.</summary>
    public double? PerSecond => _weight > 0 ? _rate / _weight : null;

    /// <summary>The count stands so high. Where it is lower than before it was begun anew.</summary>
    public void Observe(TimeSpan now, long total)
    {
        if (_isBegun && total >= _total && now > _at)
        {
            double seconds = (now - _at).TotalSeconds;
            double kept = Math.Exp(-seconds / memory.TotalSeconds);
            _rate = (_rate * kept) + ((total - _total) / seconds * (1 - kept));
            _weight = (_weight * kept) + (1 - kept);
        }
        (_isBegun, _at, _total) = (true, now, total);
    }
}
