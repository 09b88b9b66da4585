using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Processing;

/// <content>
/// Other rules come into force between two readings. What goes on, and what ends:
/// <code>
/// last reported    goes on while the definition of the series stays; else the next reading is reported
/// alarm            goes on; where there is none any more, its end is told
/// window           goes on while the rule says the same of windows and of calibration; else it closes
/// counts           go on under the name of the rule; those of a name that is gone end
/// </code>
/// </content>
internal sealed partial class ReadingProcessor
{
    /// <summary>Of series that no rule in force is for: they were registered anew, or there was no room for their other definition. Not published.</summary>
    private readonly RuleWork _late;

    /// <summary>Windows that no reading goes to any more. They are due at once, and closed as the batches have room for what they say.</summary>
    private readonly OpenWindows _ending = new(TimeSpan.Zero);

    /// <summary>Brings other rules into force for every reading that is taken from now on. Makes readings only of alarms that end by it.</summary>
    public void Use(ReportRules rules, TimeSpan now)
    {
        bool isSame = rules.SequenceEqual(_catalog.Rules);
        if (_catalog.Use(rules) is > 0 and int refused)
        {
            Log.NotRedefined(_logger, refused);
        }
        if (isSame)
        {
            return;
        }
        Begin(rules);
        SeriesState?[] states = _states;
        _states = new SeriesState?[Math.Max(states.Length, _catalog.Count)];
        foreach (SeriesState? state in states)
        {
            if (state is not null)
            {
                Move(state, now);
            }
        }
    }

    private void Begin(ReportRules rules)
    {
        Dictionary<string, (ReportRule Rule, RuleWork Work)> before =
            _inForce.Zip(_rules).ToDictionary(pair => pair.First.Series, pair => pair, StringComparer.Ordinal);
        _metrics.ReportRules.Use(rules.Select(rule => rule.Series));
        _rules = [.. rules.Select(rule =>
        {
            bool isContinued = before.TryGetValue(rule.Series, out (ReportRule Rule, RuleWork Work) own) && rule.ContinuesWindowsOf(own.Rule);
            return new RuleWork(isContinued ? own.Work.Windows : new OpenWindows(rule.Window?.Length ?? TimeSpan.Zero), _metrics.ReportRules[rule.Index]);
        })];
        _inForce = rules;
    }

    /// <summary>To the series that its readings go to now, or to the one that was registered in its place.</summary>
    private void Move(SeriesState state, TimeSpan now)
    {
        Series target = _catalog.TargetOf(state.Series.Id);
        Series newest = _catalog.Newest(target);
        if (newest.Id != target.Id)
        {
            _states[target.Id.Index] = Late(target);
        }
        if (state.Work == _late)
        {
            return;
        }
        if (!newest.Rule.DoesNothing && IsInForce(newest.Rule))
        {
            _states[newest.Id.Index] = Continue(state, newest, now);
            return;
        }
        EndWindow(state);
        EndAlarm(state, now);
    }

    private bool IsInForce(ReportRule rule) => rule.Index < _inForce.Count && ReferenceEquals(rule, _inForce[rule.Index]);

    /// <summary>What is remembered of a series that a rule is for.</summary>
    /// <param name="before">What was, of this series or of another under the same name; null where there was none.</param>
    /// <param name="series">The series, with its rule.</param>
    /// <param name="now">The time.</param>
    private SeriesState Continue(SeriesState? before, Series series, TimeSpan now)
    {
        ReportRule rule = series.Rule;
        RuleWork work = _rules[rule.Index];
        SeriesState? own = before?.Series.Id == series.Id ? before : null;
        bool isWindowContinued = own is not null && rule.ContinuesWindowsOf(own.Series.Rule);
        if (before is not null && !isWindowContinued)
        {
            EndWindow(before);
        }
        SeriesWindow? window = isWindowContinued ? own!.Window
            : rule.Window is { } windowRule ? SeriesWindow.Create(series, windowRule, _catalog, work.Counts)
            : null;
        SeriesAlarm? alarm = AlarmOf(series, before?.Alarm);
        if (before is not null && alarm is null)
        {
            EndAlarm(before, now);
        }
        bool isWithoutAlarm = alarm is null && rule.Alarm is not null && series.Definition.Kind == SeriesKind.Number;
        if (((window is null && rule.Window is not null) || isWithoutAlarm) && !work.IsObstacleTold)
        {
            work.IsObstacleTold = true;
            Log.NotDerived(_logger, rule.Series, series.Definition.Name);
        }
        ChangeFilter filter = own?.Filter ?? new ChangeFilter(rule);
        filter.Use(rule);
        return new SeriesState(series, work, filter, window, alarm);
    }

    private SeriesAlarm? AlarmOf(Series series, SeriesAlarm? before)
    {
        if (series.Rule.Alarm is not { } rule || series.Definition.Kind != SeriesKind.Number)
        {
            return null;
        }
        bool isNamed = _catalog.TryDerive(
            series, $"{series.Definition.Name}:alarm", "", SeriesKind.Boolean, SpoolLane.Alarm, TimeSpan.Zero, out Series? states);
        if (before is null)
        {
            return isNamed ? new SeriesAlarm(new AlarmState(rule), states!) : null;
        }
        before.State.Use(rule);
        // Where there is no room for its new labels, it goes on being told with the old ones.
        return before with { Series = states ?? before.Series };
    }

    private void EndWindow(SeriesState state)
    {
        if (state.Window is { IsOpen: true } open)
        {
            state.Work.Windows.Closed(open);
            _ending.Opened(open);
        }
    }

    /// <summary>No rule judges any more whether there is an alarm. One that is raised would stay so for ever: its end is told, and that nothing was measured.</summary>
    private void EndAlarm(SeriesState state, TimeSpan now)
    {
        if (state.Alarm is { State.IsRaised: true } alarm)
        {
            alarm.State.Drop();
            Tell(alarm, Quality.Uncertain, state.Work.Counts, now);
        }
    }

    /// <summary>Of a series that no rule in force is for: what comes is calibrated as its definition says, and reported.</summary>
    private SeriesState Late(Series series) => new(series, _late, new ChangeFilter(ReportRule.Everything), null, null);
}
