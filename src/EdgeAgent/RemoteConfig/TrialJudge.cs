namespace EdgeAgent.RemoteConfig;

/// <summary>What can be seen of a revision on trial at one moment.</summary>
/// <param name="IsReceipted">The service has stored something that was appended under it, over a connection that was made under it.</param>
/// <param name="Lost">Readings that found no room since it took effect: in the channel, or in the spool.</param>
/// <param name="BacklogGrowth">Bytes that wait for the cloud, beyond those that waited when it took effect.</param>
/// <param name="SensorsAsked">Polled sensors of it that must have answered by the end of the trial.</param>
/// <param name="SensorsAnswered">Those of them that have.</param>
/// <param name="HasEnded">Its inside has ended by itself.</param>
internal readonly record struct TrialSample(bool IsReceipted, long Lost, long BacklogGrowth, int SensorsAsked, int SensorsAnswered, bool HasEnded);

/// <summary>What is to be done with a revision on trial.</summary>
internal enum TrialVerdict
{
    /// <summary>Look again after <see cref="TrialJudge.Interval"/>.</summary>
    NotYet,

    /// <summary>It is the last good one from now on.</summary>
    Proven,

    /// <summary>Go back: nothing of it reached the cloud.</summary>
    NoReceipt,

    /// <summary>Go back: it floods the channel or the spool, and readings are lost.</summary>
    LosesReadings,

    /// <summary>Go back: it floods the line, which cannot carry what it gives.</summary>
    FallsBehind,

    /// <summary>Go back: it names sensors, and none of them is there.</summary>
    NoSensorAnswers,

    /// <summary>Go back: the agent cannot run by it.</summary>
    Ended,
}

/// <summary>
/// Judges a revision by what is seen of it. Pure; told the time, on a clock that only counts.
/// <code>
/// ended, or readings lost in three looks in a row                                              back, at once
/// receipt, a fifth of the time over, none lost lately, backlog near what it was, a sensor answers   proven
/// the time is over                                                                             back; by the first of these that lacks
/// </code>
/// </summary>
/// <param name="limit">How long the trial may take.</param>
internal sealed class TrialJudge(TimeSpan limit)
{
    /// <summary>Losses in so many looks in a row are a flood; fewer are a disk that held its breath while the change was made.</summary>
    private const int MostLosingLooks = 3;

    /// <summary>
    /// 256 KiB: half of what one session carries, a hundred thousand readings. Less is what waits for a batch or a session to end.
    /// </summary>
    private const long MostGrowth = 256 * 1024;

    private TimeSpan _lookedAt;
    private long _lost;
    private int _losingLooks;

    /// <summary>Sixty looks in a trial; five times a second and each 5 s at the most and the least.</summary>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(Math.Clamp(limit.TotalSeconds / 60, 0.2, 5));

    /// <summary>A fifth of the trial, 1 min by default: a flood takes as long to be seen, and a receipt comes within a second.</summary>
    private TimeSpan Least => limit / 5;

    /// <param name="elapsed">Since the revision took effect.</param>
    /// <param name="seen">What is seen now.</param>
    public TrialVerdict Look(TimeSpan elapsed, in TrialSample seen)
    {
        if (elapsed - _lookedAt >= Interval)
        {
            _losingLooks = seen.Lost > _lost ? _losingLooks + 1 : 0;
            (_lookedAt, _lost) = (elapsed, seen.Lost);
        }
        if (seen.HasEnded)
        {
            return TrialVerdict.Ended;
        }
        if (_losingLooks >= MostLosingLooks)
        {
            return TrialVerdict.LosesReadings;
        }
        TrialVerdict lacking = !seen.IsReceipted ? TrialVerdict.NoReceipt
            : seen.BacklogGrowth > MostGrowth ? TrialVerdict.FallsBehind
            : seen.SensorsAsked > 0 && seen.SensorsAnswered == 0 ? TrialVerdict.NoSensorAnswers
            : TrialVerdict.Proven;
        return elapsed >= limit ? lacking
            : lacking == TrialVerdict.Proven && elapsed >= Least && _losingLooks == 0 ? TrialVerdict.Proven
            : TrialVerdict.NotYet;
    }
}
