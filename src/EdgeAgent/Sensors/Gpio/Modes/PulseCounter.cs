using EdgeAgent.Clock;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>
/// Counts pulses. The kernel numbers edges also where its queue has no room for them, so a number that was skipped is a pulse that is counted. The rate is
/// that of the pulses since the last sample: rates times their intervals add up to the count.
/// </summary>
internal sealed class PulseCounter : ILineMode, ISampledLine
{
    /// <summary>A shorter time since the last sample says nothing of a rate.</summary>
    private const long ShortestWindow = 1_000_000;

    private const double NanosecondsPerSecond = 1e9;

    private readonly PulseOptions _options;
    private readonly Lock _gate = new();
    private long _count;
    private bool _isInterrupted;
    private long _windowBegan;
    private long _windowCount;

    /// <param name="options">What a pulse is worth.</param>
    /// <param name="edges">Which edges are pulses.</param>
    /// <param name="count">What was counted in earlier runs.</param>
    public PulseCounter(PulseOptions options, LineFlags edges, long count)
    {
        (_options, _count, Flags) = (options, count, LineFlags.Input | edges);
        Quantities =
        [
            new Quantity("count", options.Unit, PulseDecimals.OfCount(options.Scale)),
            new Quantity("rate", options.RateUnit, PulseDecimals.OfRate(options.RateScale)),
        ];
    }

    public LineFlags Flags { get; }

    public bool IsPatient => true;

    public TimeSpan? Heartbeat => null;

    public IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Pulses, in this run and all that are remembered.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public void Begin(ulong values, in EventTimes times)
    {
        lock (_gate)
        {
            (_isInterrupted, _windowBegan, _windowCount) = (true, times.KernelNow, _count);
        }
    }

    /// <summary>No edge was lost: the count is as certain as before.</summary>
    public void Continue(ulong values, in EventTimes times)
    {
        lock (_gate)
        {
            (_windowBegan, _windowCount) = (times.KernelNow, _count);
        }
    }

    public void Take(in LineEvent happened, int line, long missed, in EventTimes times)
    {
        lock (_gate)
        {
            _count += missed + 1;
        }
    }

    public void Repeat(ulong values, ReadingTime now)
    {
    }

    public void Absent(ReadingTime now)
    {
    }

    /// <summary>The first count after nobody counted is uncertain: pulses may have passed meanwhile, and nobody knows how many.</summary>
    public void Sample(Span<Measured> values, long now)
    {
        lock (_gate)
        {
            values[0] = new Measured(_count * _options.Scale, _isInterrupted ? Quality.Uncertain : Quality.Good);
            _isInterrupted = false;
            long window = now - _windowBegan;
            if (window < ShortestWindow)
            {
                values[1] = Measured.None(Quality.NotReady);
                return;
            }
            values[1] = Measured.Good((_count - _windowCount) * NanosecondsPerSecond / window * _options.RateScale);
            (_windowBegan, _windowCount) = (now, _count);
        }
    }
}
