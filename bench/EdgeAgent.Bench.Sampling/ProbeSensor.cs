using System.Diagnostics;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Bench.Sampling;

/// <summary>Measures at once, and notes when.</summary>
internal sealed class ProbeSensor(int capacity = 0, TimeSpan interval = default) : ISensor
{
    private static readonly IReadOnlyList<Quantity> OneNumber = [new Quantity("value", "1", 3)];

    private readonly long[] _begun = new long[capacity];
    private int _count;

    public string Description => "probe";

    public IReadOnlyList<Quantity> Quantities => OneNumber;

    public bool IsPresent => true;

    public ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        values[0] = Measured.Good(1);
        if (_count < _begun.Length)
        {
            _begun[_count++] = Stopwatch.GetTimestamp();
        }
        return ValueTask.CompletedTask;
    }

    public void Forget() => _count = 0;

    /// <summary>How far each attempt was from where the first one and the interval put it, in µs, in ascending order; against the median.</summary>
    public double[] Jitter()
    {
        double[] off = new double[_count];
        for (int i = 1; i < off.Length; i++)
        {
            double at = Stopwatch.GetElapsedTime(_begun[0], _begun[i]).TotalMicroseconds;
            // Where slots were left out, the nearest one is meant.
            double slot = Math.Round(at / interval.TotalMicroseconds);
            off[i] = at - (slot * interval.TotalMicroseconds);
        }
        Array.Sort(off);
        double median = off.Length == 0 ? 0 : off[off.Length / 2];
        for (int i = 0; i < off.Length; i++)
        {
            off[i] = Math.Abs(off[i] - median);
        }
        Array.Sort(off);
        return off;
    }
}
