namespace EdgeAgent.Flash;

/// <summary>
/// When the next commit may be, so that the day's bytes suffice. Pure: it is told what was written and when. What may have been written by a moment
/// of the day rises from an hour's share at its start to all at its end,
/// <code>
/// allowed(t) := bytes · (1 h + t · 23/24) / 24 h
/// commit at t where written + cost ≤ allowed(t), at the latest LongestWait after the last one
/// cost       := of the dearest commits of late
/// bytes      := 31/32 of the day's; the rest is for what nobody foresees, such as a new segment or a mark
/// </code>
/// so that a device that is idle most of the time never waits, and one that always writes is slowed evenly.
/// </summary>
internal sealed class FlashBudget
{
    /// <summary>What is there at the start of each day.</summary>
    private static readonly TimeSpan Advance = TimeSpan.FromHours(1);

    /// <summary>A page in each lane, before anything is known.</summary>
    private const long LeastCost = 2 * 4096;

    private readonly long _bytes;
    private readonly TimeSpan _longestWait;
    private FlashDay _day;
    private TimeSpan _observedAt;
    private TimeSpan _committedAt;
    private long _cost = LeastCost;

    /// <param name="bytesPerDay">Of which a part is kept back.</param>
    /// <param name="longestWait">After this a commit may be whatever it costs.</param>
    /// <param name="day">Where the last run stopped.</param>
    /// <param name="now">On a clock that only counts.</param>
    public FlashBudget(long bytesPerDay, TimeSpan longestWait, FlashDay day, TimeSpan now)
    {
        (_bytes, _longestWait, _day) = (bytesPerDay - (bytesPerDay / 32), longestWait, day);
        (_observedAt, _committedAt) = (now, now - longestWait);
        Left = bytesPerDay - day.Written;
        BytesPerDay = bytesPerDay;
        Plan();
    }

    public long BytesPerDay { get; }

    public FlashDay Day => _day;

    /// <summary>Of the day's bytes; negative where waiting any longer would have been worse.</summary>
    public long Left { get; private set; }

    /// <summary>A commit is not to be started before.</summary>
    public TimeSpan MayCommitAt { get; private set; }

    /// <summary>A commit is done. Together with all that was written since the last one it cost so many bytes.</summary>
    public void Committed(TimeSpan now, long written)
    {
        _day = _day.Passed(now - _observedAt, written);
        (_observedAt, _committedAt) = (now, now);
        _cost = Math.Max(Math.Max(written, LeastCost), _cost - (_cost / 16));
        Left = BytesPerDay - _day.Written;
        Plan();
    }

    private void Plan()
    {
        // Where in the day the commit would be paid for; beyond its end the next day pays.
        double share = (double)(_day.Written + _cost) / _bytes;
        double hours = ((share * FlashDay.Length.TotalHours) - Advance.TotalHours) * FlashDay.Length.TotalHours / (FlashDay.Length - Advance).TotalHours;
        TimeSpan inDay = hours >= FlashDay.Length.TotalHours ? FlashDay.Length : TimeSpan.FromHours(Math.Max(hours, 0));
        TimeSpan wanted = _observedAt + (inDay - _day.Elapsed);
        MayCommitAt = wanted < _committedAt + _longestWait ? wanted : _committedAt + _longestWait;
    }
}
