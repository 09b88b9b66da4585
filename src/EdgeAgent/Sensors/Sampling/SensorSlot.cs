using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>When one sensor is read next. Used by its schedule alone, under its lock.</summary>
internal sealed class SensorSlot(SamplingGrid grid)
{
    public SamplingGrid Grid => grid;

    /// <summary>Where its sensor is.</summary>
    public SensorPlace Place { get; set; }

    /// <summary>Who waits for its sensor to leave.</summary>
    public TaskCompletionSource? Left { get; set; }

    /// <summary>The slot that is waited for or worked on, on the clock that nobody sets.</summary>
    public long Due { get; private set; }

    public void Begin(long now, long shift) => Due = grid.AtOrAfter(now + shift) - shift;

    /// <summary>
    /// The relation of the clocks has changed: the slot that is nearest to the instant that was planned, so that between two polls there pass half an
    /// interval at least and one and a half at most. None is done twice and none left out.
    /// </summary>
    public void Realign(long shift) => Due = grid.Nearest(Due + shift) - shift;

    /// <summary>
    /// To a later slot. Where that has passed too, the latest one that has: it is done at once, so that a sensor that is only a little slow is read as
    /// often as it can be.
    /// </summary>
    /// <param name="now">On the clock that nobody sets.</param>
    /// <param name="slots">How many further: 1, or more where the sensor is to be left alone.</param>
    /// <returns>How many slots had to be left out.</returns>
    public long Advance(long now, long slots)
    {
        long next = Due + (slots * grid.Interval);
        long missed = now > next ? (now - next) / grid.Interval : 0;
        Due = next + (missed * grid.Interval);
        return missed;
    }

    /// <summary>
    /// The time of a poll that begins now: that of its slot where it is in time, because a timer's jitter is no knowledge and regular times take no
    /// room in a batch. The agent's clock has the last word: where it has just been set, and the schedule has not seen it yet, it is its time.
    /// </summary>
    public ReadingTime Stamp(SamplingTimeline timeline)
    {
        ReadingTime time = timeline.Stamp();
        long late = timeline.Now - Due;
        long slot = Due + timeline.Shift;
        bool isInTime = Math.Abs(late) <= grid.Tolerance && Math.Abs(time.UnixNanoseconds - late - slot) <= 2 * SamplingTimeline.Noise;
        return time with { UnixNanoseconds = isInTime ? slot : grid.Rounded(time.UnixNanoseconds) };
    }
}
