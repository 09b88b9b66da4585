namespace EdgeAgent.Uplink.Budget;

/// <summary>
/// The day or the month that runs, and what is left of its bytes. Pure: it is told what passed and when. A new one begins
/// <code>
/// where the calendar has a later one and the machine was off      nobody counted that time, so the clock is believed
/// where the calendar has a later one after Shortest               no sooner: a clock that is moved grants nothing
/// after Longest                                                   no later: a clock that is moved blocks nobody
/// </code>
/// of running. Bytes that fall into two periods count for the later one: then neither has more than it shows.
/// What the backlog may not touch falls evenly through the period,
/// <code>
/// kept(t)  := bytes · (100 − share) / 100 · (1 − t)       t from 0 to 1
/// backlog  := may go while used + kept(t) &lt; bytes
/// live     := may go while used &lt; bytes
/// </code>
/// so that it finds the same share of each day that is left.
/// </summary>
internal sealed class BudgetPeriod(long? limit, int backlogShare, PeriodRule rule, PeriodState state)
{
    public PeriodState State { get; private set; } = state;

    /// <summary>Null where there is none.</summary>
    public long? Limit => limit;

    /// <summary>Negative where alarms, or what was on its way, took more than there was.</summary>
    public long? Left => limit - State.Bytes;

    /// <summary>Of the whole period. The longest one, while nobody knows which it is.</summary>
    public TimeSpan Length => State.Begin is { } begin ? rule.At(begin).Length : rule.Longest;

    /// <summary>Until the next one. Zero where it is overdue.</summary>
    public TimeSpan Remaining => State.Elapsed < Length ? Length - State.Elapsed : TimeSpan.Zero;

    /// <summary>Zero where live data may go; else the time to the end of the period.</summary>
    public TimeSpan UntilLive => Left <= 0 ? AtLeastAMoment(Remaining) : TimeSpan.Zero;

    /// <summary>Zero where the backlog may go; else the time until enough of what is kept for live data is free, if none is used up to then.</summary>
    public TimeSpan UntilBacklog
    {
        get
        {
            if (limit is not { } bytes)
            {
                return TimeSpan.Zero;
            }
            if (State.Bytes >= bytes)
            {
                return UntilLive;
            }
            double kept = bytes * ((100 - backlogShare) / 100.0);
            double left = bytes - State.Bytes;
            double position = Math.Min(State.Elapsed / Length, 1);
            return kept * (1 - position) < left ? TimeSpan.Zero : AtLeastAMoment((Length * (1 - (left / kept))) - State.Elapsed);
        }
    }

    /// <summary>Time has passed and bytes were counted.</summary>
    /// <param name="time">Since the last call, on a clock that only counts.</param>
    /// <param name="bytes">Since the last call.</param>
    /// <param name="now">The time; null where it is not known, or not looked at.</param>
    /// <param name="unplaced">
    /// Where the machine was off since the time was last known: what passed since it was on again, some of which may belong to the new period. Else null.
    /// </param>
    /// <returns>True where a new period has begun.</returns>
    public bool Pass(TimeSpan time, long bytes, DateTimeOffset? now, long? unplaced)
    {
        TimeSpan elapsed = State.Elapsed + time;
        CalendarPeriod? calendar = now is { } known ? rule.At(known) : null;
        if (unplaced is not null && calendar is { } same && same.Begin == State.Begin && now!.Value - same.Begin > elapsed)
        {
            // Nobody counted while the machine was off.
            elapsed = now.Value - same.Begin;
        }
        if (calendar is { } first && State.Begin is null)
        {
            State = new PeriodState(first.Begin, now!.Value - first.Begin, State.Bytes + bytes);
            return false;
        }
        if (calendar is { } next && next.Begin > State.Begin && (unplaced is not null || elapsed >= rule.Shortest))
        {
            State = unplaced is { } passed
                ? new PeriodState(next.Begin, now!.Value - next.Begin, passed + bytes)
                : new PeriodState(next.Begin, TimeSpan.Zero, bytes);
            return true;
        }
        if (elapsed >= rule.Longest)
        {
            State = new PeriodState(calendar?.Begin, TimeSpan.Zero, bytes);
            return true;
        }
        State = State with { Elapsed = elapsed, Bytes = State.Bytes + bytes };
        return false;
    }

    /// <summary>The process died: as much as may be missing in what was written down, and as much again for what passed before anybody looked.</summary>
    public void AssumeUnsaved() => State = State with { Bytes = State.Bytes + (2 * (limit ?? 0) / rule.UnsavedShare) };

    /// <summary>Whether it is time to write down how far the period is used.</summary>
    public bool IsWorthSaving(PeriodState saved) =>
        State.Begin != saved.Begin || State.Elapsed < saved.Elapsed || (limit is { } bytes && State.Bytes - saved.Bytes >= bytes / rule.UnsavedShare);

    /// <summary>A second: a lane that may not go never asks again at once.</summary>
    private static TimeSpan AtLeastAMoment(TimeSpan wait) => wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
}
