using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Processing;

/// <summary>What a <see cref="CalibrationTable"/> makes of a number that lies outside of its points.</summary>
internal enum OutsideTable
{
    /// <summary>The value of the nearest point, marked as uncertain.</summary>
    Clamp,

    /// <summary>The line through the two nearest points goes on, and its values are marked as uncertain.</summary>
    Extend,

    /// <summary>There is no value: the reading is out of range.</summary>
    OutOfRange,
}

/// <summary>Straight lines between points; at a point exactly its value.</summary>
/// <param name="points">Two or more, by rising raw numbers.</param>
/// <param name="outside">What is beyond the first and the last one.</param>
internal sealed class CalibrationTable(IEnumerable<CalibrationPoint> points, OutsideTable outside) : ICalibration, IEquatable<CalibrationTable>
{
    private readonly double[] _raw = [.. points.Select(point => point.Raw)];
    private readonly double[] _values = [.. points.Select(point => point.Value)];
    private readonly OutsideTable _outside = outside;

    public Quality Apply(ref double value)
    {
        int found = Array.BinarySearch(_raw, value);
        if (found >= 0)
        {
            value = _values[found];
            return Quality.Good;
        }
        int next = ~found;
        bool isOutside = next == 0 || next == _raw.Length;
        if (isOutside && _outside == OutsideTable.OutOfRange)
        {
            return Quality.OutOfRange;
        }
        if (isOutside && _outside == OutsideTable.Clamp)
        {
            value = _values[next == 0 ? 0 : ^1];
            return Quality.Uncertain;
        }
        int right = Math.Clamp(next, 1, _raw.Length - 1);
        double share = (value - _raw[right - 1]) / (_raw[right] - _raw[right - 1]);
        double calibrated = _values[right - 1] + (share * (_values[right] - _values[right - 1]));
        if (!double.IsFinite(calibrated))
        {
            return Quality.OutOfRange;
        }
        value = calibrated;
        return isOutside ? Quality.Uncertain : Quality.Good;
    }

    /// <summary>Whether both make the same of every number.</summary>
    public bool Equals(CalibrationTable? other) =>
        other is not null && _outside == other._outside && _raw.AsSpan().SequenceEqual(other._raw) && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as CalibrationTable);

    public override int GetHashCode() => HashCode.Combine(_outside, _raw.Length, _raw[0], _values[0]);
}

/// <summary>What the sensor gives, and what it then measures.</summary>
internal readonly record struct CalibrationPoint(double Raw, double Value);
