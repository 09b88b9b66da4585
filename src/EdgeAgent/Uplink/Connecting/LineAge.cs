namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// How long a line serves. The end is drawn from ± 20 % around the configured age, so that a fleet which connected in one moment does not
/// come back in one; that is also what spreads it anew over the instances behind a load balancer.
/// </summary>
internal sealed class LineAge
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _age;
    private readonly bool _countsConnections;
    private long _since;
    private bool _isCounting;

    /// <param name="maximum">The configured age.</param>
    /// <param name="isPreferred">
    /// A line to the preferred endpoint counts from its connection: one that is made again after every pause has no age, and closing it would save
    /// nothing. On any other endpoint it counts from the beginning, since that is how the preferred one is found again.
    /// </param>
    /// <param name="random">For the jitter.</param>
    /// <param name="time">The clock.</param>
    public LineAge(TimeSpan maximum, bool isPreferred, Random random, TimeProvider time)
    {
        _time = time;
        _age = maximum * (0.8 + (0.4 * random.NextDouble()));
        _countsConnections = isPreferred;
        _since = time.GetTimestamp();
        _isCounting = !isPreferred;
    }

    public bool IsOver => Volatile.Read(ref _isCounting) && Elapsed >= _age;

    /// <summary>A tenth of the age later: with a backlog there is never a moment without a session.</summary>
    public bool IsOverdue => Volatile.Read(ref _isCounting) && Elapsed >= _age * 1.1;

    private TimeSpan Elapsed => _time.GetElapsedTime(Volatile.Read(ref _since));

    /// <summary>A connection was made.</summary>
    public void Connected()
    {
        if (_countsConnections)
        {
            Volatile.Write(ref _since, _time.GetTimestamp());
            Volatile.Write(ref _isCounting, true);
        }
    }
}
