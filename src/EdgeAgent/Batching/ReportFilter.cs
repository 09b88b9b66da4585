using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Batching;

/// <summary>
/// Report-on-change and minimum interval for each series. Pure but for its memory of what was reported last: 56 bytes a series, and
/// the catalog bounds the series. Time is the moment of arrival on a clock that only counts, never the time in the reading.
/// </summary>
internal sealed class ReportFilter(IReadOnlyList<ReportRule> rules)
{
    private Reported[] _reported = [];

    /// <summary>False where no rule leaves anything out: the batcher then need not ask.</summary>
    public bool IsActive { get; } = rules.Any(rule => rule.LeavesOut);

    /// <summary>Whether the reading is to be reported; if so it is what later ones of the series are compared with.</summary>
    public bool Passes(in Reading reading, Series series, TimeSpan now)
    {
        if (reading.Series.Index >= _reported.Length)
        {
            Array.Resize(ref _reported, Math.Max(2 * _reported.Length, reading.Series.Index + 64));
        }
        ref Reported last = ref _reported[reading.Series.Index];
        last.Rule ??= rules.FirstOrDefault(rule => rule.IsFor(series.Definition.Name)) ?? ReportRule.Everything;
        if (last.IsKnown && last.Quality == reading.Quality && Repeats(last, reading, series.Definition.Kind, now))
        {
            return false;
        }
        last = new Reported(last.Rule, now, reading);
        return true;
    }

    private static bool Repeats(in Reported last, in Reading reading, SeriesKind kind, TimeSpan now)
    {
        TimeSpan since = now - last.At;
        if (since < last.Rule!.MinimumInterval)
        {
            return true;
        }
        return last.Rule.Deadband is { } deadband && since < last.Rule.Heartbeat && string.Equals(last.Text, reading.Text, StringComparison.Ordinal)
            // Two absent numbers are equal, and a NaN is never within a band of anything else.
            && (last.Number.Equals(reading.Number) || (kind == SeriesKind.Number && Math.Abs(last.Number - reading.Number) <= deadband));
    }

    private struct Reported(ReportRule rule, TimeSpan at, in Reading reading)
    {
        public ReportRule? Rule = rule;
        public readonly TimeSpan At = at;
        public readonly double Number = reading.Number;
        public readonly string? Text = reading.Text;
        public readonly Quality Quality = reading.Quality;
        public readonly bool IsKnown = true;
    }
}
