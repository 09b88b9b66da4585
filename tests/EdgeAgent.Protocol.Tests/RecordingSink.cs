using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>Keeps what a decoder delivers, and checks what a sink may rely on.</summary>
internal sealed class RecordingSink : IBatchSink
{
    public List<(ulong Dictionary, SeriesDefinition Definition)> Definitions { get; } = [];

    public Dictionary<uint, SeriesReadings> Series { get; } = [];

    public int Calls { get; private set; }

    public int Count => Series.Values.Sum(series => series.Readings.Count);

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        Assert.Empty(Series);
        Definitions.Add((dictionary, definition));
        Calls++;
    }

    public void Numbers(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        SeriesReadings readings = Open(series, SeriesKind.Number, unixNanoseconds.Length, values.Length, qualities.Length);
        for (int i = 0; i < values.Length; i++)
        {
            readings.Add(unixNanoseconds[i], values[i], null, qualities.IsEmpty ? Quality.Good : qualities[i]);
        }
    }

    public void Booleans(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        SeriesReadings readings = Open(series, SeriesKind.Boolean, unixNanoseconds.Length, values.Length, qualities.Length);
        for (int i = 0; i < values.Length; i++)
        {
            readings.Add(unixNanoseconds[i], values[i] ? 1 : 0, null, qualities.IsEmpty ? Quality.Good : qualities[i]);
        }
    }

    public void Texts(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        SeriesReadings readings = Open(series, SeriesKind.Text, unixNanoseconds.Length, values.Length, qualities.Length);
        for (int i = 0; i < values.Length; i++)
        {
            readings.Add(unixNanoseconds[i], 0, values[i], qualities.IsEmpty ? Quality.Good : qualities[i]);
        }
    }

    private SeriesReadings Open(uint series, SeriesKind kind, int times, int values, int qualities)
    {
        Calls++;
        Assert.True(times > 0 && times == values && (qualities == 0 || qualities == times));
        if (!Series.TryGetValue(series, out SeriesReadings? readings))
        {
            Series[series] = readings = new SeriesReadings(kind);
        }
        return readings;
    }
}
