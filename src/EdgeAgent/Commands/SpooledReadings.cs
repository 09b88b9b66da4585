using System.Globalization;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;
using Google.Protobuf;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Commands;

/// <summary>Makes readings of the spool's records, in memory that does not grow with the spool.</summary>
/// <param name="take">Takes them one by one.</param>
/// <param name="clocks">By what provisional times are corrected; null: they are left.</param>
internal sealed class SpooledReadings(Action<SpooledReading> take, ClockReferences? clocks = null) : IBatchSink
{
    /// <summary>Each piece of the spool names its series anew, so that few dictionaries are in use at a time.</summary>
    private const int MostDictionaries = 16;

    private static readonly DecodeLimits Limits = new();
    private readonly BatchDecoder _decoder = new(Limits, clocks);
    private readonly Dictionary<ulong, Dictionary<uint, SeriesDefinition>> _named = [];
    private readonly Queue<ulong> _dictionaries = new();
    private SpoolLane _lane;
    private ulong _sequence;

    /// <summary>
    /// Reads what the series are called from the records in front of a sequence in its segment: also where those are released, the
    /// others cannot be read without.
    /// </summary>
    public void Learn(SpoolView view, SpoolLane lane, ulong before)
    {
        ulong first = view.SegmentsOf(lane).LastOrDefault(segment => segment.First <= before).First;
        if (first == 0 || first >= before)
        {
            return;
        }
        var definitions = new List<SeriesDefinition>();
        using LookBack back = view.LookBack(lane, first);
        while (back.TryRead(out SpoolRecord record) && record.Sequence < before)
        {
            if (StoredRecord.TryReadDefinitions(record.Payload.Span, Limits, out ulong dictionary, definitions))
            {
                definitions.ForEach(definition => Define(dictionary, definition));
            }
            definitions.Clear();
        }
    }

    /// <summary>Hands on the readings of a record.</summary>
    /// <returns>False where it cannot be decoded: nothing was handed on.</returns>
    public bool TryRead(SpoolLane lane, in SpoolRecord record, out string problem)
    {
        problem = "";
        (_lane, _sequence) = (lane, record.Sequence);
        ProtocolRecord parsed;
        try
        {
            parsed = ProtocolRecord.Parser.ParseFrom(record.Payload.Span);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            problem = malformed.Message;
            return false;
        }
        if (parsed.Readings != record.Items)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"it holds {parsed.Readings} readings and the spool counts {record.Items}");
            return false;
        }
        bool isDecoded = _decoder.TryDecode(parsed, this, out DecodeError error);
        problem = isDecoded ? "" : error.ToString();
        return isDecoded;
    }

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        if (!_named.TryGetValue(dictionary, out Dictionary<uint, SeriesDefinition>? series))
        {
            _named.Add(dictionary, series = []);
            _dictionaries.Enqueue(dictionary);
            if (_dictionaries.Count > MostDictionaries)
            {
                _named.Remove(_dictionaries.Dequeue());
            }
        }
        series[definition.Ref] = definition;
    }

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        SpooledReading reading = First(dictionary, series, SeriesKind.Number);
        for (int i = 0; i < values.Length; i++)
        {
            take(reading with { UnixNanoseconds = unixNanoseconds[i], Number = values[i], Quality = At(qualities, i) });
        }
    }

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        SpooledReading reading = First(dictionary, series, SeriesKind.Boolean);
        for (int i = 0; i < values.Length; i++)
        {
            take(reading with { UnixNanoseconds = unixNanoseconds[i], Number = values[i] ? 1 : 0, Quality = At(qualities, i) });
        }
    }

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        SpooledReading reading = First(dictionary, series, SeriesKind.Text);
        for (int i = 0; i < values.Length; i++)
        {
            take(reading with { UnixNanoseconds = unixNanoseconds[i], Text = values[i], Quality = At(qualities, i) });
        }
    }

    private static Quality At(ReadOnlySpan<Quality> qualities, int i) => qualities.IsEmpty ? Quality.Good : qualities[i];

    private SpooledReading First(ulong dictionary, uint series, SeriesKind kind)
    {
        if (!_named.TryGetValue(dictionary, out Dictionary<uint, SeriesDefinition>? named) || !named.TryGetValue(series, out SeriesDefinition? definition))
        {
            // The record that named it is damaged. The readings are there all the same.
            string name = string.Create(CultureInfo.InvariantCulture, $"unnamed:{dictionary}:{series}");
            definition = new SeriesDefinition { Ref = series, Name = name, Kind = kind };
        }
        bool isProvisional = _decoder.Clock is { State: not ClockState.Synchronized };
        return new SpooledReading(_lane, _sequence, definition, 0, 0, null, Quality.Good, isProvisional);
    }
}
