using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Processing;

/// <summary>Whether a reading is worth reporting.</summary>
internal enum ReportVerdict
{
    Report,

    /// <summary>It came within the minimum interval after the last reported one.</summary>
    TooSoon,

    /// <summary>It is within the deadband of the last reported one.</summary>
    Unchanged,
}

/// <summary>
/// Report-on-change and minimum interval for one series. Pure but for its memory of what was reported last. Time is the moment of arrival on a clock
/// that only counts, never the time in the reading.
/// </summary>
internal sealed class ChangeFilter(ReportRule rule)
{
    private ReportRule _rule = rule;
    private bool _isKnown;
    private TimeSpan _at;
    private double _number;
    private string? _text;
    private Quality _quality;

    /// <summary>Another rule judges from now on, by what was reported last under the one before.</summary>
    public void Use(ReportRule next) => _rule = next;

    public ReportVerdict Judge(in Reading reading, SeriesKind kind, TimeSpan now)
    {
        if (!_isKnown || _quality != reading.Quality)
        {
            return ReportVerdict.Report;
        }
        TimeSpan since = now - _at;
        if (since < _rule.MinimumInterval)
        {
            return ReportVerdict.TooSoon;
        }
        return _rule.HasDeadband && since < _rule.Heartbeat && Repeats(reading, kind) ? ReportVerdict.Unchanged : ReportVerdict.Report;
    }

    /// <summary>Later readings are compared with this one.</summary>
    public void Reported(in Reading reading, TimeSpan now) =>
        (_isKnown, _at, _number, _text, _quality) = (true, now, reading.Number, reading.Text, reading.Quality);

    private bool Repeats(in Reading reading, SeriesKind kind) => string.Equals(_text, reading.Text, StringComparison.Ordinal)
        // Two absent numbers are equal, and a NaN is never within a band of anything else.
        && (_number.Equals(reading.Number)
            || (kind == SeriesKind.Number && Math.Abs(_number - reading.Number) <= Math.Max(_rule.Deadband ?? 0, (_rule.DeadbandPercent ?? 0) / 100 * Math.Abs(_number))));
}
