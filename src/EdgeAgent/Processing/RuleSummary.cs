using EdgeAgent.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Processing;

/// <summary>Tells the log every hour, and at the end, what each rule did since: who wonders where the readings are finds them here.</summary>
internal sealed partial class RuleSummary
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly RuleEffect[] Effects = Enum.GetValues<RuleEffect>();

    private readonly AgentMetrics _metrics;
    private readonly ILogger _logger;
    private Row[] _rows = [];
    private TimeSpan? _toldAt;

    public RuleSummary(ReportRules rules, AgentMetrics metrics, ILogger logger)
    {
        (_metrics, _logger) = (metrics, logger);
        _rows = RowsOf(rules);
    }

    /// <summary>To be called whenever there is something to do anyway: a rule that has nothing to do has nothing to tell.</summary>
    public void Observe(TimeSpan now)
    {
        _toldAt ??= now;
        if (now - _toldAt >= Every)
        {
            Tell(now);
        }
    }

    public void Tell(TimeSpan now)
    {
        Array.ForEach(_rows, row => Tell(row, now));
        _toldAt = now;
    }

    /// <summary>Other rules are in force and have their counts. What those did that are gone is told now, for the last time.</summary>
    public void Use(ReportRules rules, TimeSpan now)
    {
        Row[] next = RowsOf(rules);
        Array.ForEach([.. _rows.ExceptBy(next.Select(row => row.Counts), row => row.Counts)], row => Tell(row, now));
        _rows = next;
    }

    private Row[] RowsOf(ReportRules rules)
    {
        Dictionary<TotalBy<RuleEffect>, Row> before = _rows.ToDictionary(row => row.Counts);
        return [.. rules.Select(rule =>
        {
            TotalBy<RuleEffect> counts = _metrics.ReportRules[rule.Index];
            return before.GetValueOrDefault(counts) ?? new Row(rule.Series, counts, new long[Effects.Length]);
        })];
    }

    private void Tell(Row row, TimeSpan now)
    {
        long[] news = [.. Effects.Select(effect => row.Counts[effect] - row.Told[(int)effect])];
        if (news.Any(amount => amount > 0))
        {
            Log.Did(
                _logger, row.Rule, now - (_toldAt ?? now), news[(int)RuleEffect.Unchanged], news[(int)RuleEffect.TooSoon], news[(int)RuleEffect.Aggregated],
                news[(int)RuleEffect.AggregateMade], news[(int)RuleEffect.Alarmed], news[(int)RuleEffect.Uncalibrated]);
        }
        foreach (RuleEffect effect in Effects)
        {
            row.Told[(int)effect] += news[(int)effect];
        }
    }

    private sealed record Row(string Rule, TotalBy<RuleEffect> Counts, long[] Told);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Rule {Rule} in {Time}: held back {Unchanged} readings as unchanged, {TooSoon} as too soon and {Aggregated} as parts of windows, of which it made {Aggregates} aggregates; sent {Alarms} by the alarm lane; {Uncalibrated} were outside of its calibration.")]
        public static partial void Did(
            ILogger logger, string rule, TimeSpan time, long unchanged, long tooSoon, long aggregated, long aggregates, long alarms, long uncalibrated);
    }
}
