namespace EdgeAgent.Uplink;

/// <summary>
/// How much the backlog may put in front of the socket. What is there cannot be recalled, and the next live reading waits behind it: so as much as the
/// line took in the last twentieth of a second, and on a fast line, which takes it at once, as much as comes. Pure; told what was handed over, what the
/// socket has taken, and the time.
/// </summary>
internal sealed class AheadOfSocket
{
    /// <summary>What a line that carried nothing may be tried with; five times as much each time that it takes all of it at a look.</summary>
    public const long Least = 4 * 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the socket takes nothing for so long, what was handed over may have died with its session: it does not count any more.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(1);

    private long _ahead;
    private long _taken;
    private long _takenBefore;
    private TimeSpan _windowAt;
    private TimeSpan _movedAt;

    /// <summary>Bytes that may be ahead before the next record.</summary>
    public long Allowance { get; private set; } = Least;

    public bool HasRoom => _ahead < Allowance;

    /// <summary>A record was handed over.</summary>
    public void Add(int bytes) => _ahead += bytes;

    /// <param name="now">The time.</param>
    /// <param name="taken">All that the sockets have ever taken: somewhat more than was handed over, for the frames around it.</param>
    public void Observe(TimeSpan now, long taken)
    {
        if (taken > _taken)
        {
            _ahead = Math.Max(0, _ahead - (taken - _taken));
            (_taken, _movedAt) = (taken, now);
        }
        else if (now - _movedAt > Forgotten)
        {
            (_ahead, _movedAt) = (0, now);
        }
        if (now - _windowAt >= Window)
        {
            Allowance = Math.Max(Least, (long)((taken - _takenBefore) * (Window / (now - _windowAt))));
            (_windowAt, _takenBefore) = (now, taken);
        }
    }
}
