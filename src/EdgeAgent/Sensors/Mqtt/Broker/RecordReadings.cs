using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>What one reading of a record says, without its time.</summary>
internal readonly record struct StoredValue(string Series, long NumberBits, string? Text, Quality Quality);

/// <summary>
/// The readings of one stored record, to be looked up by their content.
/// </summary>
internal sealed class RecordReadings : IBatchSink
{
    private readonly Func<ulong, uint, string?> _name;
    private readonly Dictionary<StoredValue, List<long>> _times = [];

    /// <param name="name">The name of a series of a dictionary; null where it is not known. Its readings are left out.</param>
    public RecordReadings(Func<ulong, uint, string?> name) => _name = name;

    public int Count { get; private set; }

    public bool Contains(in StoredValue value, long unixNanoseconds) => _times.TryGetValue(value, out List<long>? times) && times.Contains(unixNanoseconds);

    public bool Contains(in StoredValue value) => _times.ContainsKey(value);

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        // The names were read before.
    }

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Add(dictionary, series, unixNanoseconds[i], values[i], null, At(qualities, i));
        }
    }

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Add(dictionary, series, unixNanoseconds[i], values[i] ? 1 : 0, null, At(qualities, i));
        }
    }

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Add(dictionary, series, unixNanoseconds[i], 0, values[i], At(qualities, i));
        }
    }

    /// <summary>Where there is no value, what stands in its place is a filler.</summary>
    public static StoredValue Value(string series, double number, string? text, Quality quality) => quality >= Quality.NoResponse
        ? new StoredValue(series, 0, null, quality)
        : new StoredValue(series, BitConverter.DoubleToInt64Bits(number), text, quality);

    private static Quality At(ReadOnlySpan<Quality> qualities, int i) => qualities.IsEmpty ? Quality.Good : qualities[i];

    private void Add(ulong dictionary, uint series, long unixNanoseconds, double number, string? text, Quality quality)
    {
        if (_name(dictionary, series) is not { } name)
        {
            return;
        }
        StoredValue value = Value(name, number, text, quality);
        if (!_times.TryGetValue(value, out List<long>? times))
        {
            _times.Add(value, times = []);
        }
        times.Add(unixNanoseconds);
        Count++;
    }
}
