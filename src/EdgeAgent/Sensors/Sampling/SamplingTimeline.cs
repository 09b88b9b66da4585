using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// How the clock that sensors are scheduled by, which nobody sets and which timers count on, relates to Unix time. Looked at once a second;
/// the relation moves where the time becomes known, where a known one steps, and where the machine was suspended. While the time is not known, jumps of the
/// wall clock are no reason to disturb anything. Used by one schedule, under its lock.
/// </summary>
internal sealed class SamplingTimeline(AgentClock clock, TimeProvider time)
{
    /// <summary>A millisecond: what <see cref="AgentClock"/> leaves between the clocks without moving its own offset.</summary>
    public const long Noise = 1_000_000;

    private const long LookEvery = 1_000_000_000;

    /// <summary>How often the clocks are read to find a moment in which nothing came in between.</summary>
    private const int Attempts = 3;

    private long _nextLook = long.MinValue;
    private bool _isSet;

    /// <summary>Nanoseconds on the clock that nobody sets.</summary>
    public long Now => time.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Unix time less <see cref="Now"/>.</summary>
    public long Shift { get; private set; }

    /// <summary>The agent's time, for a reading.</summary>
    public ReadingTime Stamp() => clock.Now();

    /// <returns>Whether <see cref="Shift"/> has moved.</returns>
    public bool Look(long now)
    {
        if (now < _nextLook)
        {
            return false;
        }
        _nextLook = now + LookEvery;
        if (_isSet && !clock.IsKnown)
        {
            return false;
        }
        (long shift, long width) = Read();
        if (_isSet && Math.Abs(shift - Shift) <= Noise + width)
        {
            return false;
        }
        (Shift, _isSet) = (shift, true);
        return true;
    }

    private (long Shift, long Width) Read()
    {
        (long Shift, long Width) best = (0, long.MaxValue);
        for (int i = 0; i < Attempts && best.Width > Noise; i++)
        {
            long before = Now;
            long unix = clock.Now().UnixNanoseconds;
            long width = Now - before;
            best = width < best.Width ? (unix - before - (width / 2), width) : best;
        }
        return best;
    }
}
