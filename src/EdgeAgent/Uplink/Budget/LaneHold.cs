namespace EdgeAgent.Uplink.Budget;

/// <summary>Why a lane may not send at present.</summary>
internal enum HoldCause
{
    /// <summary>It may.</summary>
    None,

    /// <summary>The day's bytes are used.</summary>
    DayUsed,

    /// <summary>The month's bytes are used.</summary>
    MonthUsed,

    /// <summary>What is left of the day is kept for live data.</summary>
    DayKept,

    /// <summary>What is left of the month is kept for live data.</summary>
    MonthKept,

    /// <summary>It is not the time of the day for it.</summary>
    Window,

    /// <summary>It has a time of the day, and the time is not known yet.</summary>
    ClockUnknown,
}

/// <summary>Why a lane may not send, and for how long.</summary>
/// <param name="Cause">The one that lasts longest.</param>
/// <param name="For">Zero where it may send.</param>
internal readonly record struct LaneHold(HoldCause Cause, TimeSpan For)
{
    public static readonly LaneHold Free = new(HoldCause.None, TimeSpan.Zero);

    /// <summary>The longer one of the two.</summary>
    public LaneHold And(HoldCause cause, TimeSpan wait) => wait > For ? new LaneHold(cause, wait) : this;

    /// <summary>For people.</summary>
    /// <param name="now">The time; null where it is not known.</param>
    public string Describe(DateTimeOffset? now)
    {
        string until = now is { } known ? $"until {known + For:yyyy-MM-dd HH:mm}Z" : $"for {Math.Ceiling(For.TotalMinutes):F0} min of running";
        return Cause switch
        {
            HoldCause.None => "may send",
            HoldCause.DayUsed => $"waiting for budget {until}: the day's bytes are used",
            HoldCause.MonthUsed => $"waiting for budget {until}: the month's bytes are used",
            HoldCause.DayKept => $"waiting for budget {until}: the rest of the day's bytes is kept for live data",
            HoldCause.MonthKept => $"waiting for budget {until}: the rest of the month's bytes is kept for live data",
            HoldCause.Window => $"waiting {until}: backlogWindows",
            HoldCause.ClockUnknown => "waiting for the time, which backlogWindows need, but no longer than a day",
            _ => throw new InvalidOperationException($"There is no cause {Cause}."),
        };
    }
}
