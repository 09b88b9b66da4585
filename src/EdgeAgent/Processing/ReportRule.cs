using EdgeAgent.Protocol.Columns;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Processing;

/// <summary>
/// What is made of the readings of some series, and which of them are worth a place on flash. Entry of section <c>report</c> of the configuration. In this order:
/// calibrated, judged by the alarm, taken into the window, and what is left judged by minimum interval and deadband.
/// </summary>
internal sealed record ReportRule
{
    /// <summary>Report everything as it is.</summary>
    public static ReportRule Everything { get; } = new();

    /// <summary>Its place in <see cref="ReportRules"/>, by which it is counted.</summary>
    public int Index { get; init; }

    /// <summary>Names of the series the rule is for: exact, or a prefix that ends in <c>*</c>. Default <c>*</c>: all.</summary>
    public string Series { get; init; } = "*";

    /// <summary>What becomes of a number first. Default null: nothing.</summary>
    public ICalibration? Calibration { get; init; }

    /// <summary>UCUM code of the calibrated numbers, in place of the source's. Default null: the source's.</summary>
    public string? Unit { get; init; }

    /// <summary>Decimal places that a calibrated number is rounded to. Default null: it is not rounded.</summary>
    public int? Decimals { get; init; }

    /// <summary>
    /// A number is left out while it is no further than this from the last reported one, in the unit of the series; booleans and texts
    /// while they are the same. Default null: every reading is reported. 0 leaves out exact repetitions.
    /// </summary>
    public double? Deadband { get; init; }

    /// <summary>The same in percent of the last reported number. Where both are given the wider band counts. Default null.</summary>
    public double? DeadbandPercent { get; init; }

    /// <summary>
    /// With a deadband: report at least this often, so that silence means a fault and not a steady value. Default 15 min.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Readings that come sooner than this after the last reported one are left out, unless their quality changed. Default zero: none.
    /// For sources that repeat themselves; a last change that falls into the interval is reported with the next reading only.
    /// </summary>
    public TimeSpan MinimumInterval { get; init; } = TimeSpan.Zero;

    /// <summary>Aggregates instead of readings. Default null: none.</summary>
    public WindowRule? Window { get; init; }

    /// <summary>Which numbers are alarms. Default null: none.</summary>
    public AlarmRule? Alarm { get; init; }

    public bool HasDeadband => Deadband is not null || DeadbandPercent is not null;

    public bool IsCalibrating => Calibration is not null || Decimals is not null;

    public bool DoesNothing =>
        !IsCalibrating && Unit is null && !HasDeadband && MinimumInterval == TimeSpan.Zero && Window is null && Alarm is null;

    /// <summary>Whether a window that was opened by the other rule may go on under this one: it holds what this one would have put there.</summary>
    public bool ContinuesWindowsOf(ReportRule other) =>
        Series == other.Series && Window is not null && Window.Equals(other.Window) && Equals(Calibration, other.Calibration) && Decimals == other.Decimals;

    public bool IsFor(string series) => Series.EndsWith('*')
        ? series.AsSpan().StartsWith(Series.AsSpan()[..^1], StringComparison.Ordinal)
        : string.Equals(series, Series, StringComparison.Ordinal);

    /// <summary>The unit of a series whose source says that it is <paramref name="ofSource"/>.</summary>
    public string UnitOf(SeriesKind kind, string ofSource) => kind == SeriesKind.Number && Unit is not null ? Unit : ofSource;

    /// <summary>How often a reading of a series may be expected in the cloud, so that silence means a fault.</summary>
    /// <param name="interval">How often the source gives one; zero where nobody knows.</param>
    /// <returns>Zero where nobody knows, or where the readings themselves are not reported.</returns>
    public TimeSpan Expect(TimeSpan interval)
    {
        if (interval == TimeSpan.Zero || Window is { IsRawReported: false })
        {
            return TimeSpan.Zero;
        }
        TimeSpan heartbeat = HasDeadband ? Heartbeat : TimeSpan.Zero;
        return TimeSpan.FromTicks(Math.Max(interval.Ticks, Math.Max(MinimumInterval.Ticks, heartbeat.Ticks)));
    }

    /// <summary>The reading as it is reported. Readings without a value, and what is no number, stay as they are.</summary>
    /// <param name="reading">As its source gave it.</param>
    /// <param name="kind">Of its series.</param>
    /// <param name="isOutside">The number is outside of what the calibration knows; the quality says so too.</param>
    public Reading Calibrate(in Reading reading, SeriesKind kind, out bool isOutside)
    {
        isOutside = false;
        if (!IsCalibrating || kind != SeriesKind.Number || reading.Quality >= Quality.NoResponse || !double.IsFinite(reading.Number))
        {
            return reading;
        }
        double value = reading.Number;
        Quality quality = Calibration?.Apply(ref value) ?? Quality.Good;
        isOutside = quality != Quality.Good;
        if (Decimals is { } decimals && quality < Quality.NoResponse)
        {
            value = ScaledDecimal.Round(value, -decimals);
        }
        return reading.With(value, quality == Quality.Good ? reading.Quality : quality);
    }
}
