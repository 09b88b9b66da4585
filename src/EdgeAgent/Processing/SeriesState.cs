using EdgeAgent.Clock;
using EdgeAgent.Readings;

namespace EdgeAgent.Processing;

/// <summary>What is remembered of one series that a rule is for. The catalog bounds how many there are.</summary>
/// <param name="Series">The series, with the rule that it is for.</param>
/// <param name="Work">What is kept of that rule.</param>
/// <param name="Filter">What was reported last.</param>
/// <param name="Window">Null where the rule has none, or its aggregates cannot be named.</param>
/// <param name="Alarm">Null where the rule has none, or its series cannot be named.</param>
internal sealed record SeriesState(Series Series, RuleWork Work, ChangeFilter Filter, SeriesWindow? Window, SeriesAlarm? Alarm);

/// <param name="State">Whether there is an alarm.</param>
/// <param name="Series">Where that is told.</param>
internal sealed record SeriesAlarm(AlarmState State, Series Series)
{
    /// <summary>Of the last reading that was judged.</summary>
    public ReadingTime JudgedAt { get; set; }
}
