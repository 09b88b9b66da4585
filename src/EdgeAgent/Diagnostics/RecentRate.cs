using EdgeAgent.Pacing;

namespace EdgeAgent.Diagnostics;

/// <summary>How fast a count has grown of late (<see cref="RecentMean"/>). Pure; told counts and times.</summary>
internal sealed class RecentRate(TimeSpan memory)
{
    private RecentMean _mean = new(memory);
    private TimeSpan _at;
    private long _total;
    private bool _isBegun;

    /// <summary>Null while nothing is known yet.</summary>
    public double? PerSecond => _mean.PerSecond;

    /// <summary>The count stands so high. Where it is lower than before it was begun anew.</summary>
    public void Observe(TimeSpan now, long total)
    {
        if (_isBegun && total >= _total && now > _at)
        {
            _mean.Add(total - _total, now - _at);
        }
        (_isBegun, _at, _total) = (true, now, total);
    }
}
