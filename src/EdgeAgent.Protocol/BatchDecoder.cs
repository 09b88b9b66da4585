using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>Reads records from outside. Reused; for one thread at a time.</summary>
public sealed class BatchDecoder(DecodeLimits limits)
{
    /// <summary>The clock of the batch that was decoded last; null where the device's wall clock was known to be right.</summary>
    public BatchClock? Clock { get; private set; }

    /// <summary>Validates the whole record, then hands it to the sink. Never throws because of the record's bytes.</summary>
    /// <returns>False: <paramref name="error"/> says why, and the sink was not called.</returns>
    public bool TryDecode(Record record, IBatchSink sink, out DecodeError error) => throw new NotImplementedException(limits.ToString());
}
