using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Uplink;

/// <summary>Whether everything that a record refers to has a name, in the record itself or in the dictionaries that were found.</summary>
internal sealed class NamesOfRecord : IBatchSink
{
    private readonly StoredDictionaries _dictionaries;
    private readonly HashSet<uint> _own = [];
    private bool _isLacking;

    private NamesOfRecord(StoredDictionaries dictionaries) => _dictionaries = dictionaries;

    /// <returns>
    /// True where a series of it has no name anywhere on this device. False also for a record that cannot be decoded: that is for the service to
    /// refuse, by a status of its own.
    /// </returns>
    public static bool AreLacking(ReadOnlySpan<byte> stored, StoredDictionaries dictionaries)
    {
        var names = new NamesOfRecord(dictionaries);
        try
        {
            return new BatchDecoder(new DecodeLimits()).TryDecode(ProtocolRecord.Parser.ParseFrom(stored), names, out _) && names._isLacking;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    public void Define(ulong dictionary, SeriesDefinition definition) => _own.Add(definition.Ref);

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities) =>
        Refer(dictionary, series);

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities) =>
        Refer(dictionary, series);

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
        Refer(dictionary, series);

    private void Refer(ulong dictionary, uint series) => _isLacking |= !_own.Contains(series) && !_dictionaries.Name(dictionary, series);
}
