using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Uplink;

/// <summary>What a service has heard of the names of one lane's series.</summary>
internal sealed class KnownNames : IBatchSink
{
    private readonly BatchDecoder _decoder = new(new DecodeLimits());
    private readonly Dictionary<(ulong Dictionary, uint Series), string> _names = [];
    private bool _isKnown;

    /// <summary>What the series of the records were called; "?" for one that nobody had named.</summary>
    public HashSet<string> Used { get; } = [];

    public void Learn(SessionOpen open)
    {
        foreach (Dictionary dictionary in open.Dictionaries)
        {
            foreach (SeriesDefinition definition in dictionary.Definitions)
            {
                Define(dictionary.Dictionary_, definition);
            }
        }
    }

    public bool Know(ProtocolRecord record)
    {
        _isKnown = true;
        Assert.True(_decoder.TryDecode(record, this, out DecodeError error), error.ToString());
        return _isKnown;
    }

    public void Define(ulong dictionary, SeriesDefinition definition) => _names[(dictionary, definition.Ref)] = definition.Name;

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        _isKnown &= _names.TryGetValue((dictionary, series), out string? name);
        Used.Add(name ?? "?");
    }

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities) =>
        throw new NotSupportedException("The rig has numbers only.");

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
        throw new NotSupportedException("The rig has numbers only.");
}
