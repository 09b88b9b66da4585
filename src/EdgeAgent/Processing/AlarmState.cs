namespace EdgeAgent.Processing;

/// <summary>What a reading does to the alarm of its series.</summary>
internal enum AlarmChange
{
    None,

    /// <summary>The first reading of this process, and all is well: to be told, as an earlier process may have ended within an alarm.</summary>
    Known,

    /// <summary>It is an alarm now.</summary>
    Raised,

    /// <summary>It is none any more.</summary>
    Returned,
}

/// <summary>
/// Whether the numbers of one series are an alarm. Pure; time is the moment of arrival on a clock that only counts.
/// <code>
/// unknown → normal   the first reading
/// normal  → raised   beyond a threshold, and all readings since one that came at least For earlier
/// raised  → normal   on the good side of both thresholds by the hysteresis
/// </code>
/// </summary>
internal sealed class AlarmState(AlarmRule rule)
{
    private AlarmRule _rule = rule;
    private bool _isKnown;
    private TimeSpan? _beyondSince;

    public bool IsRaised { get; private set; }

    /// <summary>
    /// Another rule judges from now on. What is raised stays so until a reading is on the good side by the new rule: nothing has been told of its end. Time beyond the
    /// thresholds counts on where every number beyond the old ones is beyond the new ones too.
    /// </summary>
    public void Use(AlarmRule next)
    {
        _beyondSince = next.Includes(_rule) ? _beyondSince : null;
        _rule = next;
    }

    /// <summary>Nobody judges any more.</summary>
    public void Drop() => IsRaised = false;

    public AlarmChange Take(double value, TimeSpan now)
    {
        bool isFirst = !_isKnown;
        _isKnown = true;
        _beyondSince = _rule.IsBeyond(value) ? _beyondSince ?? now : null;
        if (!IsRaised && now - _beyondSince >= _rule.For)
        {
            IsRaised = true;
            return AlarmChange.Raised;
        }
        if (IsRaised && _rule.IsReturned(value))
        {
            IsRaised = false;
            return AlarmChange.Returned;
        }
        return isFirst ? AlarmChange.Known : AlarmChange.None;
    }
}
