using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink.Budget;

/// <summary>
/// Counts what passes the socket, over restarts, and says which lane may send. Whoever asks makes it look, where there is a limit; in between <see
/// cref="TrafficWatch"/> does, since pings, receipts and handshakes cost too. Alarms always pass, and count.
/// </summary>
internal sealed partial class TrafficBudget : ILaneBudget
{
    /// <summary>How long a lane is sent away for at most: by then the clock may have been set, or a period begun.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the windows of the backlog wait for the time to become known. Then they do not count: it is better sent at a dear hour than never.
    /// </summary>
    public static readonly TimeSpan LongestWithoutTime = TimeSpan.FromDays(1);

    private static readonly TimeSpan SaveEvery = TimeSpan.FromHours(1);

    /// <summary>The calendar is looked at so often; bytes are counted with every question.</summary>
    private static readonly TimeSpan CalendarEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TrafficFile _file;
    private readonly Guid _boot;
    private readonly AgentMetrics _metrics;
    private readonly KnownTime _knownTime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BudgetPeriod _day;
    private readonly BudgetPeriod _month;
    private readonly UsageMarks _dayMarks;
    private readonly UsageMarks _monthMarks;
    private readonly BacklogHours _hours;
    private readonly bool _isLimited;
    private readonly TimeSpan _startedAt;
    private RecentTraffic _recent;
    private TrafficMemory _saved;
    private LaneHold _window = LaneHold.Free;
    private TimeSpan _lookedAt;
    private TimeSpan _calendarAt = TimeSpan.MinValue;
    private TimeSpan _savedAt;
    private long _counted;
    private long _unplaced;    // bytes that passed since the machine was off and before the time was known
    private bool _isTimeKnown; // since then
    private bool _isUnsavedTold;

    /// <param name="options">How much the line may cost.</param>
    /// <param name="file">What passed before.</param>
    /// <param name="boot">Which start of the machine this is; <see cref="Guid.Empty"/> where nobody knows.</param>
    /// <param name="knownTime">What is known of the time.</param>
    /// <param name="time">What counts, since the start of the machine.</param>
    /// <param name="metrics">The bytes on the socket.</param>
    /// <param name="logger">The log.</param>
    public TrafficBudget(
        BudgetOptions options, TrafficFile file, Guid boot, KnownTime knownTime, TimeProvider time, AgentMetrics metrics, ILogger logger)
    {
        (_file, _boot, _knownTime, _time, _metrics, _logger) = (file, boot, knownTime, time, metrics, logger);
        bool isKept = file.TryRead(out _saved);
        var calendar = new BillingCalendar(options.Zone, options.MonthStartsOn);
        _day = new BudgetPeriod(options.BytesPerDay, options.BacklogShare, PeriodRule.Day(calendar), _saved.Day);
        _month = new BudgetPeriod(options.BytesPerMonth, options.BacklogShare, PeriodRule.Month(calendar), _saved.Month);
        (_recent, _unplaced) = (_saved.Recent, _saved.Unplaced);
        _hours = new BacklogHours(options.BacklogWindows, options.Zone);
        _isLimited = _day.Limit is not null || _month.Limit is not null || _hours.AreLimited;
        _startedAt = _lookedAt = _savedAt = Now;
        _counted = Counted;
        if (isKept && !_saved.IsClean)
        {
            _day.AssumeUnsaved();
            _month.AssumeUnsaved();
        }
        if (isKept && _saved.Boot == boot && boot != Guid.Empty && _saved.At <= _lookedAt)
        {
            // Only the process was away: the time goes on where it stood.
            _isTimeKnown = _saved.IsTimeKnown;
            _lookedAt = _saved.At;
        }
        _dayMarks = new UsageMarks(_day.State.Bytes, _day.Limit);
        _monthMarks = new UsageMarks(_month.State.Bytes, _month.Limit);
        lock (_gate)
        {
            Look();
            Save(isClean: false);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    private long Counted => _metrics.WireBytesSent.Value + _metrics.WireBytesReceived.Value;

    private LaneHold LiveHold => LaneHold.Free.And(HoldCause.DayUsed, _day.UntilLive).And(HoldCause.MonthUsed, _month.UntilLive);

    private LaneHold BacklogHold => LiveHold.And(HoldCause.DayKept, _day.UntilBacklog).And(HoldCause.MonthKept, _month.UntilBacklog);

    public TimeSpan WaitFor(SpoolLane lane)
    {
        if (!_isLimited)
        {
            return TimeSpan.Zero;
        }
        lock (_gate)
        {
            Look();
            TimeSpan wait = lane switch
            {
                SpoolLane.Alarm => TimeSpan.Zero,
                SpoolLane.Live => LiveHold.For,
                // Whatever is neither is late already.
                _ => BacklogHold.And(_window.Cause, _window.For).For,
            };
            return wait < AskAgain ? wait : AskAgain;
        }
    }

    /// <summary>Counts what has passed since the last look.</summary>
    public void Count()
    {
        lock (_gate)
        {
            Look();
            if (Now - _savedAt >= SaveEvery)
            {
                Save(isClean: false);
            }
            Publish();
        }
    }

    public TrafficStatus Status()
    {
        lock (_gate)
        {
            Look();
            DateTimeOffset? now = _knownTime();
            LaneHold window = _window.Cause == HoldCause.Window && now is { } known ? _window with { For = _hours.Until(known, BacklogHours.Longest) } : _window;
            return new TrafficStatus(
                PeriodStatus.Of(_day, _recent), PeriodStatus.Of(_month, _recent), LiveHold, BacklogHold.And(window.Cause, window.For), now);
        }
    }

    /// <summary>The process ends in order.</summary>
    public void Close()
    {
        lock (_gate)
        {
            Look();
            Save(isClean: true);
        }
    }

    private void Look()
    {
        TimeSpan now = Now;
        DateTimeOffset? known = null;
        if (_calendarAt == TimeSpan.MinValue || now - _calendarAt >= CalendarEvery)
        {
            known = _knownTime();
            _calendarAt = now;
            _window = FindWindow(known, now);
        }
        long counted = Counted;
        (TimeSpan time, long bytes) = (now - _lookedAt, counted - _counted);
        (_lookedAt, _counted) = (now, counted);
        long? unplaced = _isTimeKnown ? null : _unplaced;
        Pass(_day, _dayMarks, "day", time, bytes, known, unplaced);
        Pass(_month, _monthMarks, "month", time, bytes, known, unplaced);
        _recent = _recent.Passed(time, bytes);
        _isTimeKnown |= known is not null;
        _unplaced = _isTimeKnown ? 0 : _unplaced + bytes;
        if (_day.IsWorthSaving(_saved.Day) || _month.IsWorthSaving(_saved.Month))
        {
            Save(isClean: false);
        }
    }

    private void Pass(BudgetPeriod period, UsageMarks marks, string name, TimeSpan time, long bytes, DateTimeOffset? now, long? unplaced)
    {
        if (period.Pass(time, bytes, now, unplaced))
        {
            marks.Reset();
        }
        switch (marks.Pass(period.State.Bytes, period.Limit))
        {
            case 100:
                Log.Used(_logger, name, period.Remaining, period.Limit!.Value);
                break;
            case not null:
                Log.Mark(_logger, name, PeriodStatus.Of(period, _recent).Describe());
                break;
        }
    }

    private LaneHold FindWindow(DateTimeOffset? known, TimeSpan now)
    {
        if (!_hours.AreLimited)
        {
            return LaneHold.Free;
        }
        if (known is { } instant)
        {
            return LaneHold.Free.And(HoldCause.Window, _hours.Until(instant, AskAgain));
        }
        return LaneHold.Free.And(HoldCause.ClockUnknown, _startedAt + LongestWithoutTime - now);
    }

    private void Save(bool isClean)
    {
        var memory = new TrafficMemory(_boot, _lookedAt, _isTimeKnown, _unplaced, isClean, _day.State, _month.State, _recent);
        (_savedAt, _saved) = (Now, memory);
        bool isWritten = _file.TryWrite(memory);
        if (!isWritten && !_isUnsavedTold)
        {
            Log.Unsaved(_logger);
        }
        _isUnsavedTold = !isWritten;
    }

    private void Publish()
    {
        _metrics.TrafficDay.Set(_day.State.Bytes);
        _metrics.TrafficMonth.Set(_month.State.Bytes);
        _metrics.TrafficDayLeft.Set(_day.Left ?? 0);
        _metrics.TrafficMonthLeft.Set(_month.Left ?? 0);
        _metrics.TrafficMonthExpected.Set((long)(PeriodStatus.Of(_month, _recent).Expected ?? 0));
        _metrics.LiveHeld.Set((long)LiveHold.For.TotalSeconds);
        _metrics.BacklogHeld.Set((long)BacklogHold.And(_window.Cause, _window.For).For.TotalSeconds);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The line's budget for the {Period}: {Status}.")]
        public static partial void Mark(ILogger logger, string period, string status);

        [LoggerMessage(LogLevel.Warning, "The line's budget for the {Period} is used: for {Remaining} only alarms are sent, everything else stays in the spool. To go on now, raise the {Limit} bytes in section budget of the configuration.")]
        public static partial void Used(ILogger logger, string period, TimeSpan remaining, long limit);

        [LoggerMessage(LogLevel.Warning, "What passed the line cannot be written down; a restart would count from what was written before. The disk is tried again.")]
        public static partial void Unsaved(ILogger logger);
    }
}
