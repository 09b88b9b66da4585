using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Uplink;

/// <summary>The series that records hold, by dictionary and number, whether they name them or not.</summary>
internal sealed class ReferredSeries : IBatchSink
{
    private readonly BatchDecoder _decoder = new(new DecodeLimits());
    private readonly HashSet<(ulong Dictionary, uint Series)> _all = [];

    /// <summary>Those of the record that was read last.</summary>
    public IReadOnlyCollection<(ulong Dictionary, uint Series)> All => _all;

    /// <returns>False for a record that cannot be decoded: that is for the service to refuse, by a status of its own.</returns>
    public bool TryRead(ReadOnlySpan<byte> stored)
    {
        _all.Clear();
        try
        {
            return _decoder.TryDecode(ProtocolRecord.Parser.ParseFrom(stored), this, out _);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        // A name alone needs no other.
    }

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities) =>
        _all.Add((dictionary, series));

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities) =>
        _all.Add((dictionary, series));

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
        _all.Add((dictionary, series));
}
