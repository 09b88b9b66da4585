using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Processing;

/// <summary>
/// What the rules make of readings between the channel and the batches. Pure but for its memory of each series: told the readings and the time, on a clock that
/// only counts; owns no timer. Every reading that comes in goes out once, under its own series, or is counted as held back by its rule: at once by minimum interval
/// and deadband; by a window when its aggregates go out, and until then it is in <see cref="Risk"/>.
/// </summary>
internal sealed partial class ReadingProcessor
{
    private readonly SeriesCatalog _catalog;
    private readonly IReadingSink _sink;
    private readonly AgentMetrics _metrics;
    private readonly ILogger _logger;
    private ReportRules _inForce = ReportRules.None;
    private RuleWork[] _rules = []; // by rule
    private SeriesState?[] _states = []; // by series

    public ReadingProcessor(SeriesCatalog catalog, IReadingSink sink, AgentMetrics metrics, ILogger logger)
    {
        (_catalog, _sink, _metrics, _logger) = (catalog, sink, metrics, logger);
        _late = new RuleWork(new OpenWindows(TimeSpan.Zero), metrics.ReportRules.Unpublished());
        Begin(catalog.Rules);
    }

    /// <summary>When to ask for windows that are due, if nothing happens before; <see cref="TimeSpan.MaxValue"/> where none is open.</summary>
    public TimeSpan Due
    {
        get
        {
            TimeSpan due = _ending.Due;
            foreach (RuleWork rule in _rules)
            {
                due = rule.Windows.Due < due ? rule.Windows.Due : due;
            }
            return due;
        }
    }

    /// <summary>What the open windows hold: readings that are nowhere else.</summary>
    public Risk Risk
    {
        get
        {
            Risk risk = _ending.Risk;
            foreach (RuleWork rule in _rules)
            {
                risk = risk.With(rule.Windows.Risk);
            }
            return risk;
        }
    }

    /// <summary>Takes a reading, and gives to the sink what is to be reported because of it.</summary>
    public void Take(in Reading given, TimeSpan now)
    {
        Series series = _catalog.TargetOf(given.Series);
        Reading raw = series.Id == given.Series ? given : given.Of(series.Id);
        series.Last.Note(raw);
        ReportRule rule = series.Rule;
        if (rule.DoesNothing)
        {
            _sink.Add(raw, series, series.Lane, now);
            return;
        }
        SeriesState state = StateOf(series, now);
        Reading reading = rule.Calibrate(raw, series.Definition.Kind, out bool isOutside);
        if (isOutside)
        {
            state.Work.Counts.Add(RuleEffect.Uncalibrated);
        }
        bool isAlarm = state.Alarm is { } alarm && IsAlarm(alarm, reading, state.Work.Counts, now);
        bool isHeld = state.Window is not null && !isAlarm && !IsReportedBesideWindow(rule.Window!, reading);
        if (state.Window is { } window)
        {
            AddTo(window, reading, isHeld, state.Work.Windows, now);
        }
        if (!isHeld)
        {
            Report(reading, state, isAlarm, now);
        }
    }

    /// <summary>Closes a window that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="all">Also one that is not due: the end has come.</param>
    /// <returns>False where there is none.</returns>
    public bool TryCloseWindow(TimeSpan now, bool all = false)
    {
        if (TryCloseFirst(_ending, now, all))
        {
            return true;
        }
        foreach (RuleWork rule in _rules)
        {
            if (TryCloseFirst(rule.Windows, now, all))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Forgets the open windows.</summary>
    /// <returns>How many readings are lost by that.</returns>
    public long GiveUp(LostReadings lost)
    {
        long readings = GiveUp(_ending, lost);
        foreach (RuleWork rule in _rules)
        {
            readings += GiveUp(rule.Windows, lost);
        }
        return readings;
    }

    private static long GiveUp(OpenWindows windows, LostReadings lost)
    {
        long readings = 0;
        while (windows.First is { } window)
        {
            readings += window.Held;
            lost.Add(window.Lane, window.Held);
            windows.Closed(window);
            window.Drop();
        }
        return readings;
    }

    private bool TryCloseFirst(OpenWindows windows, TimeSpan now, bool all)
    {
        if (windows.First is not { } window || !(all || now >= windows.Due))
        {
            return false;
        }
        Close(window, windows, now);
        return true;
    }

    private static bool IsReportedBesideWindow(WindowRule rule, in Reading reading) =>
        rule.IsRawReported || (reading.IsKept && rule.Acknowledgement == WindowAcknowledgement.Stored);

    private void Report(in Reading reading, SeriesState state, bool isAlarm, TimeSpan now)
    {
        Series series = state.Series;
        ReportVerdict verdict = isAlarm ? ReportVerdict.Report : state.Filter.Judge(reading, series.Definition.Kind, now);
        switch (verdict)
        {
            case ReportVerdict.Report:
                state.Filter.Reported(reading, now);
                _sink.Add(reading, series, isAlarm ? SpoolLane.Alarm : series.Lane, now);
                break;
            case ReportVerdict.TooSoon:
                HoldBack(state.Work.Counts, RuleEffect.TooSoon, 1);
                break;
            case ReportVerdict.Unchanged:
                HoldBack(state.Work.Counts, RuleEffect.Unchanged, 1);
                break;
        }
    }

    /// <summary>Tells the state where there is news of it.</summary>
    /// <returns>Whether the reading made the difference: it goes by the alarm lane.</returns>
    private bool IsAlarm(SeriesAlarm alarm, in Reading reading, TotalBy<RuleEffect> counts, TimeSpan now)
    {
        if (reading.Quality >= Quality.NoResponse || !double.IsFinite(reading.Number))
        {
            // Says nothing about the quantity, for good or bad.
            return false;
        }
        alarm.JudgedAt = reading.Time;
        AlarmChange change = alarm.State.Take(reading.Number, now);
        if (change == AlarmChange.None)
        {
            return false;
        }
        Tell(alarm, reading.Quality, counts, now);
        if (change == AlarmChange.Known)
        {
            return false;
        }
        counts.Add(RuleEffect.Alarmed);
        return true;
    }

    private void Tell(SeriesAlarm alarm, Quality quality, TotalBy<RuleEffect> counts, TimeSpan now)
    {
        counts.Add(RuleEffect.StateMade);
        _sink.Add(Reading.OfBoolean(alarm.Series.Id, alarm.JudgedAt, alarm.State.IsRaised, quality), alarm.Series, SpoolLane.Alarm, now);
    }

    private void AddTo(SeriesWindow window, in Reading reading, bool isHeld, OpenWindows windows, TimeSpan now)
    {
        if (!window.Takes(reading))
        {
            if (window.IsOpen)
            {
                Close(window, windows, now);
            }
            window.Open(reading, now);
            windows.Opened(window);
        }
        window.Add(reading, isHeld);
        if (isHeld)
        {
            windows.Held();
        }
    }

    private void Close(SeriesWindow window, OpenWindows windows, TimeSpan now)
    {
        windows.Closed(window);
        window.Counts.Add(RuleEffect.AggregateMade, window.CloseTo(_sink, now));
        HoldBack(window.Counts, RuleEffect.Aggregated, window.Held);
    }

    private void HoldBack(TotalBy<RuleEffect> counts, RuleEffect effect, long readings)
    {
        _metrics.ReadingsSuppressed.Add(readings);
        counts.Add(effect, readings);
    }

    private SeriesState StateOf(Series series, TimeSpan now)
    {
        int index = series.Id.Index;
        if (index >= _states.Length)
        {
            Array.Resize(ref _states, Math.Max(2 * _states.Length, index + 64));
        }
        return _states[index] ??= Prepare(series, now);
    }

    /// <summary>A series whose first reading has come, under this rule.</summary>
    private SeriesState Prepare(Series series, TimeSpan now)
    {
        if (_catalog.Newest(series).Id != series.Id || !IsInForce(series.Rule))
        {
            return Late(series);
        }
        // Where its name was another series: what went on there goes on here.
        SeriesState? before = null;
        for (SeriesId? id = series.Before; before is null && id is { } earlier; id = _catalog[earlier].Before)
        {
            before = earlier.Index < _states.Length ? _states[earlier.Index] : null;
        }
        if (before is not null)
        {
            _states[before.Series.Id.Index] = Late(before.Series);
        }
        return Continue(before, series, now);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The windows or the alarm of rule {Rule} cannot be had for {Series}: device.maximumSeries is reached, a source has a series of their name, or it is too long. Its readings are reported as they are. The same is not told again of this rule.")]
        public static partial void NotDerived(ILogger logger, string rule, string series);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Series} series keep the rules that they had: their definitions change, and device.maximumSeries is reached.")]
        public static partial void NotRedefined(ILogger logger, int series);
    }
}
