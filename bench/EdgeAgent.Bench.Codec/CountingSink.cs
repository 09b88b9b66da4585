using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Bench.Codec;

/// <summary>Looks at what it gets just as much as the baseline does.</summary>
internal sealed class CountingSink : IBatchSink
{
    public double Sum { get; private set; }

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
    }

    public void Numbers(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Sum += values[i] + unixNanoseconds[i];
        }
    }

    public void Booleans(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Sum += (values[i] ? 1 : 0) + unixNanoseconds[i];
        }
    }

    public void Texts(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Sum += values[i].Length + unixNanoseconds[i];
        }
    }
}
