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
    private readonly OpenWindows[] _windows; // by rule
    private readonly bool[] _isObstacleTold; // by rule
    private SeriesState?[] _states = [];

    public ReadingProcessor(SeriesCatalog catalog, IReadingSink sink, AgentMetrics metrics, ILogger logger)
    {
        (_catalog, _sink, _metrics, _logger) = (catalog, sink, metrics, logger);
        metrics.ReportRules.Use(catalog.Rules.Select(rule => rule.Series));
        _windows = [.. catalog.Rules.Select(rule => new OpenWindows(rule.Window?.Length ?? TimeSpan.Zero))];
        _isObstacleTold = new bool[catalog.Rules.Count];
    }

    /// <summary>When to ask for windows that are due, if nothing happens before; <see cref="TimeSpan.MaxValue"/> where none is open.</summary>
    public TimeSpan Due
    {
        get
        {
            TimeSpan due = TimeSpan.MaxValue;
            foreach (OpenWindows windows in _windows)
            {
                due = windows.Due < due ? windows.Due : due;
            }
            return due;
        }
    }

    /// <summary>What the open windows hold: readings that are nowhere else.</summary>
    public Risk Risk
    {
        get
        {
            Risk risk = Risk.None;
            foreach (OpenWindows windows in _windows)
            {
                risk = risk.With(windows.Risk);
            }
            return risk;
        }
    }

    /// <summary>Takes a reading, and gives to the sink what is to be reported because of it.</summary>
    public void Take(in Reading raw, Series series, TimeSpan now)
    {
        series.Last.Note(raw);
        ReportRule rule = series.Rule;
        if (rule.DoesNothing)
        {
            _sink.Add(raw, series, series.Lane, now);
            return;
        }
        SeriesState state = StateOf(series);
        Reading reading = rule.Calibrate(raw, series.Definition.Kind, out bool isOutside);
        if (isOutside)
        {
            Count(rule, RuleEffect.Uncalibrated);
        }
        bool isAlarm = state.Alarm is { } alarm && IsAlarm(alarm, reading, rule, now);
        bool isHeld = state.Window is not null && !isAlarm && !IsReportedBesideWindow(rule.Window!, reading);
        if (state.Window is { } window)
        {
            AddTo(window, reading, isHeld, rule, now);
        }
        if (!isHeld)
        {
            Report(reading, series, state.Filter, isAlarm, now);
        }
    }

    /// <summary>Closes a window that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="all">Also one that is not due: the end has come.</param>
    /// <returns>False where there is none.</returns>
    public bool TryCloseWindow(TimeSpan now, bool all = false)
    {
        for (int rule = 0; rule < _windows.Length; rule++)
        {
            if (_windows[rule].First is { } window && (all || now >= _windows[rule].Due))
            {
                Close(window, _catalog.Rules[rule], now);
                return true;
            }
        }
        return false;
    }

    /// <summary>Forgets the open windows.</summary>
    /// <returns>How many readings are lost by that.</returns>
    public long GiveUp(LostReadings lost)
    {
        long readings = 0;
        foreach (OpenWindows windows in _windows)
        {
            while (windows.First is { } window)
            {
                readings += window.Held;
                lost.Add(window.Lane, window.Held);
                windows.Closed(window);
                window.Drop();
            }
        }
        return readings;
    }

    private static bool IsReportedBesideWindow(WindowRule rule, in Reading reading) =>
        rule.IsRawReported || (reading.IsKept && rule.Acknowledgement == WindowAcknowledgement.Stored);

    private void Report(in Reading reading, Series series, ChangeFilter filter, bool isAlarm, TimeSpan now)
    {
        ReportRule rule = series.Rule;
        ReportVerdict verdict = isAlarm ? ReportVerdict.Report : filter.Judge(reading, series.Definition.Kind, now);
        switch (verdict)
        {
            case ReportVerdict.Report:
                filter.Reported(reading, now);
                _sink.Add(reading, series, isAlarm ? SpoolLane.Alarm : series.Lane, now);
                break;
            case ReportVerdict.TooSoon:
                HoldBack(rule, RuleEffect.TooSoon, 1);
                break;
            case ReportVerdict.Unchanged:
                HoldBack(rule, RuleEffect.Unchanged, 1);
                break;
        }
    }

    /// <summary>Tells the state where there is news of it.</summary>
    /// <returns>Whether the reading made the difference: it goes by the alarm lane.</returns>
    private bool IsAlarm(SeriesAlarm alarm, in Reading reading, ReportRule rule, TimeSpan now)
    {
        if (reading.Quality >= Quality.NoResponse || !double.IsFinite(reading.Number))
        {
            // Says nothing about the quantity, for good or bad.
            return false;
        }
        AlarmChange change = alarm.State.Take(reading.Number, now);
        if (change == AlarmChange.None)
        {
            return false;
        }
        Count(rule, RuleEffect.StateMade);
        _sink.Add(Reading.OfBoolean(alarm.Series.Id, reading.Time, alarm.State.IsRaised, reading.Quality), alarm.Series, SpoolLane.Alarm, now);
        if (change == AlarmChange.Known)
        {
            return false;
        }
        Count(rule, RuleEffect.Alarmed);
        return true;
    }

    private void AddTo(SeriesWindow window, in Reading reading, bool isHeld, ReportRule rule, TimeSpan now)
    {
        OpenWindows windows = _windows[rule.Index];
        if (!window.Takes(reading))
        {
            if (window.IsOpen)
            {
                Close(window, rule, now);
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

    private void Close(SeriesWindow window, ReportRule rule, TimeSpan now)
    {
        _windows[rule.Index].Closed(window);
        Count(rule, RuleEffect.AggregateMade, window.CloseTo(_sink, now));
        HoldBack(rule, RuleEffect.Aggregated, window.Held);
    }

    private void HoldBack(ReportRule rule, RuleEffect effect, long readings)
    {
        _metrics.ReadingsSuppressed.Add(readings);
        Count(rule, effect, readings);
    }

    private void Count(ReportRule rule, RuleEffect effect, long amount = 1) => _metrics.ReportRules[rule.Index].Add(effect, amount);

    private SeriesState StateOf(Series series)
    {
        int index = series.Id.Index;
        if (index >= _states.Length)
        {
            Array.Resize(ref _states, Math.Max(2 * _states.Length, index + 64));
        }
        return _states[index] ??= Prepare(series);
    }

    private SeriesState Prepare(Series series)
    {
        ReportRule rule = series.Rule;
        SeriesWindow? window = rule.Window is { } windowRule ? SeriesWindow.Create(series, windowRule, _catalog) : null;
        SeriesAlarm? alarm = null;
        if (rule.Alarm is { } alarmRule && series.Definition.Kind == SeriesKind.Number
            && _catalog.TryDerive(series, $"{series.Definition.Name}:alarm", "", SeriesKind.Boolean, SpoolLane.Alarm, TimeSpan.Zero, out Series? states))
        {
            alarm = new SeriesAlarm(new AlarmState(alarmRule), states);
        }
        bool isWithoutAlarm = alarm is null && rule.Alarm is not null && series.Definition.Kind == SeriesKind.Number;
        if (((window is null && rule.Window is not null) || isWithoutAlarm) && !_isObstacleTold[rule.Index])
        {
            _isObstacleTold[rule.Index] = true;
            Log.NotDerived(_logger, rule.Series, series.Definition.Name);
        }
        return new SeriesState(new ChangeFilter(rule), window, alarm);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The windows or the alarm of rule {Rule} cannot be had for {Series}: device.maximumSeries is reached, a source has a series of their name, or it is too long. Its readings are reported as they are. The same is not told again of this rule.")]
        public static partial void NotDerived(ILogger logger, string rule, string series);
    }
}
