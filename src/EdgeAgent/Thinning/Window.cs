using EdgeAgent.Protocol.Columns;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>
/// What is kept of the readings of one series in one window. Readings without a value, with NaN or with an infinity only count as failed.
/// </summary>
internal struct Window
{
    /// <summary>
    /// Sums are kept in these units: 2^32 numbers of any size then have a finite sum. Exact, as a power of two, except for numbers below 10^-298.
    /// </summary>
    private const double SumUnit = 4294967296.0;

    /// <summary>Which <see cref="WindowTrack"/> it belongs to.</summary>
    public int Track;

    /// <summary>Nanoseconds since 1970.</summary>
    public long Start;

    public double Minimum;
    public double Maximum;
    public long Count;
    public long Failed;
    public double Last;
    public string? LastText;
    public Quality LastQuality;
    public Quality FailedQuality;
    public bool HasUncertain;

    /// <summary>The readings themselves, as long as they are few; see <see cref="HeldReadings"/>.</summary>
    public int FirstHeld;
    public int LastHeld;
    public int HeldCount;

    /// <summary>The readings are gone, or were never there: only aggregates are known.</summary>
    public bool IsAggregated;

    private double _sum;
    private long _lastTime;
    private sbyte _finestExponent;

    public static Window At(int track, long start) => new()
    {
        Track = track,
        Start = start,
        Minimum = double.PositiveInfinity,
        Maximum = double.NegativeInfinity,
        FirstHeld = HeldReadings.None,
        LastHeld = HeldReadings.None,
        FailedQuality = Quality.Failed,
        _lastTime = long.MinValue,
    };

    /// <summary>Whether there is all that is to be said. Always, of readings; of aggregates only where none was missing.</summary>
    public readonly bool IsComplete(SeriesKind kind) =>
        Count == 0 || (kind == SeriesKind.Text ? LastText is not null : Minimum <= Maximum && double.IsFinite(_sum));

    /// <summary>The mean of numbers, or the share of true among booleans.</summary>
    public readonly double Mean(SeriesKind kind)
    {
        double mean = Math.Clamp(_sum / Count * SumUnit, Minimum, Maximum);
        int exponent = kind == SeriesKind.Boolean ? MeanRounding.ShareExponent : MeanRounding.Exponent(_finestExponent, Minimum, Maximum);
        return Minimum == Maximum ? Minimum : Math.Clamp(ScaledDecimal.Round(mean, exponent), Minimum, Maximum);
    }

    /// <summary>Of a minimum, maximum or mean: as doubtful as the most doubtful reading.</summary>
    public readonly Quality Quality => Count == 0 ? FailedQuality : HasUncertain ? Quality.Uncertain : Quality.Good;

    /// <summary>Counts a number or a boolean.</summary>
    public void Add(long time, double value, Quality quality)
    {
        if (quality >= Quality.NoResponse || !double.IsFinite(value))
        {
            // NaN comes with a quality that promises a value: the aggregate must not promise one.
            Fail(quality >= Quality.NoResponse ? quality : Quality.Failed, 1);
            return;
        }
        Count++;
        _sum += value / SumUnit;
        _finestExponent = MeanRounding.Finer(_finestExponent, value);
        Extend(value, quality);
        SetLast(time, value, null, quality);
    }

    /// <summary>Counts a text.</summary>
    public void Add(long time, string text, Quality quality)
    {
        if (quality >= Quality.NoResponse)
        {
            Fail(quality, 1);
            return;
        }
        Count++;
        SetLast(time, 0, text, quality);
    }

    public void Fail(Quality quality, long count)
    {
        Failed += count;
        FailedQuality = quality;
    }

    /// <summary>Weighs in the mean of as many readings, which <see cref="Count"/> counts already.</summary>
    public void AddMean(double mean, long count, Quality quality)
    {
        _sum += mean / SumUnit * count;
        // The mean has a digit more than its readings had. It must not grow by one with each level.
        _finestExponent = MeanRounding.Finer(_finestExponent, mean, ofMean: true);
        // Lies between the minimum and the maximum; the share of true has none beside it.
        Extend(mean, quality);
    }

    /// <summary>Takes a value, a minimum or a maximum.</summary>
    public void Extend(double value, Quality quality)
    {
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        HasUncertain |= quality == Quality.Uncertain;
    }

    /// <summary>Takes the value where it is not older than what is there; of two at one time the one that came later.</summary>
    public void SetLast(long time, double value, string? text, Quality quality)
    {
        if (time >= _lastTime)
        {
            (_lastTime, Last, LastText, LastQuality) = (time, value, text, quality);
        }
    }
}
