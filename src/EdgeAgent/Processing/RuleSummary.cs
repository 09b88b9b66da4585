using EdgeAgent.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Processing;

/// <summary>Tells the log every hour, and at the end, what each rule did since: who wonders where the readings are finds them here.</summary>
internal sealed partial class RuleSummary(ReportRules rules, AgentMetrics metrics, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly RuleEffect[] Effects = Enum.GetValues<RuleEffect>();

    private readonly long[][] _told = [.. rules.Select(_ => new long[Effects.Length])];
    private TimeSpan? _toldAt;

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
        TimeSpan since = now - (_toldAt ?? now);
        _toldAt = now;
        for (int rule = 0; rule < rules.Count; rule++)
        {
            long[] news = [.. Effects.Select(effect => metrics.ReportRules[rule][effect] - _told[rule][(int)effect])];
            if (news.Any(amount => amount > 0))
            {
                Log.Did(
                    logger, rules[rule].Series, since, news[(int)RuleEffect.Unchanged], news[(int)RuleEffect.TooSoon], news[(int)RuleEffect.Aggregated],
                    news[(int)RuleEffect.AggregateMade], news[(int)RuleEffect.Alarmed], news[(int)RuleEffect.Uncalibrated]);
            }
            foreach (RuleEffect effect in Effects)
            {
                _told[rule][(int)effect] += news[(int)effect];
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Rule {Rule} in {Time}: held back {Unchanged} readings as unchanged, {TooSoon} as too soon and {Aggregated} as parts of windows, of which it made {Aggregates} aggregates; sent {Alarms} by the alarm lane; {Uncalibrated} were outside of its calibration.")]
        public static partial void Did(
            ILogger logger, string rule, TimeSpan time, long unchanged, long tooSoon, long aggregated, long aggregates, long alarms, long uncalibrated);
    }
}
