using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Writes the times of a series as edge.v1.TimeColumn:
/// <code>
/// count (1) decimals (2) first (3) step (4) deviations (5, packed sint64, absent where all are zero)
/// t[0] = base + first × unit      t[i+1] = t[i] + (step + deviations[i]) × unit      unit = 10^(9 - decimals) ns
/// </code>
/// The unit is the coarsest that loses nothing. All arithmetic is modulo 2^64, here and in every decoder, so that any times in any
/// order have a column, however far apart.
/// </summary>
internal sealed class TimeColumnEncoder
{
    private ReusedArray<long> _deltas = new(256);

    public void Write(int field, ReadOnlySpan<long> times, long baseTime, ProtobufBuffer output)
    {
        (int decimals, long unit) = CoarsestUnit(times, baseTime);
        _deltas.Ensure(times.Length, keep: 0);
        Span<long> deltas = _deltas.Items.AsSpan(0, times.Length - 1);
        for (int i = 0; i < deltas.Length; i++)
        {
            deltas[i] = unchecked(times[i + 1] - times[i]) / unit;
        }
        long step = BestStep(deltas);

        int column = output.Begin(field);
        output.Unsigned(1, (uint)times.Length);
        output.Unsigned(2, (uint)decimals);
        output.Signed(3, unchecked(times[0] - baseTime) / unit);
        output.Signed(4, step);
        if (deltas.ContainsAnyExcept(step))
        {
            WriteDeviations(deltas, step, output);
        }
        output.End(column);
        _deltas.EndRound(times.Length);
    }

    private static (int Decimals, long Unit) CoarsestUnit(ReadOnlySpan<long> times, long baseTime)
    {
        int decimals = 0;
        long unit = 1_000_000_000;
        long previous = baseTime;
        long previousDelta = 0;
        foreach (long time in times)
        {
            long delta = unchecked(time - previous);
            if (delta != previousDelta)
            {
                while (delta % unit != 0)
                {
                    unit /= 10;
                    decimals++;
                }
            }
            (previous, previousDelta) = (time, delta);
        }
        return (decimals, unit);
    }

    /// <summary>The cheapest of three: the commonest delta, where one is in the majority; the mean, for a clock that jitters; none.</summary>
    private static long BestStep(ReadOnlySpan<long> deltas)
    {
        if (deltas.IsEmpty)
        {
            return 0;
        }
        long majority = 0;
        long sum = 0;
        int votes = 0;
        foreach (long delta in deltas)
        {
            sum = unchecked(sum + delta);
            if (votes == 0)
            {
                majority = delta;
            }
            votes += delta == majority ? 1 : -1;
        }
        if (votes == deltas.Length)
        {
            return majority;
        }
        long mean = sum / deltas.Length;
        int costOfMajority = Cost(deltas, majority);
        int costOfMean = Cost(deltas, mean);
        int costOfNone = Cost(deltas, 0);
        return costOfNone <= Math.Min(costOfMajority, costOfMean) ? 0
            : costOfMajority <= costOfMean ? majority
            : mean;
    }

    private static int Cost(ReadOnlySpan<long> deltas, long step)
    {
        int cost = step == 0 ? 0 : 1 + VarInt.ZigZagLength(step);
        foreach (long delta in deltas)
        {
            cost += VarInt.ZigZagLength(unchecked(delta - step));
        }
        return cost;
    }

    private static void WriteDeviations(ReadOnlySpan<long> deltas, long step, ProtobufBuffer output)
    {
        int list = output.Begin(5);
        Span<byte> bytes = output.Reserve(deltas.Length * VarInt.MaximumLength);
        int length = 0;
        foreach (long delta in deltas)
        {
            length += VarInt.Write(bytes[length..], VarInt.ZigZag(unchecked(delta - step)));
        }
        output.Advance(length);
        output.End(list);
    }
}
