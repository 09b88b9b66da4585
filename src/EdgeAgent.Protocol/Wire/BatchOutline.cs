using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// Counts the nested messages of a serialized ReadingBatch before it is parsed: an empty one takes two bytes on the line and some
/// hundred in memory, and a megabyte inflated from a kilobyte could hold half a million of them.
/// </summary>
internal static class BatchOutline
{
    public static bool Check(ReadOnlySpan<byte> batch, int maximumSeries, out DecodeError error)
    {
        var reader = new WireReader(batch);
        int definitions = 0;
        int times = 0;
        int blocks = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out int field, out WireType type) || !reader.TrySkip(type))
            {
                error = new DecodeError(DecodeErrorCode.Protobuf, "compressed_batch.data is not a ReadingBatch: a field is malformed or truncated");
                return false;
            }
            definitions += field == ReadingBatch.DefinitionsFieldNumber ? 1 : 0;
            times += field == ReadingBatch.TimesFieldNumber ? 1 : 0;
            blocks += field is ReadingBatch.BlocksFieldNumber or ReadingBatch.AggregatesFieldNumber ? 1 : 0;
            if (Math.Max(definitions, Math.Max(times, blocks)) > maximumSeries)
            {
                error = new DecodeError(DecodeErrorCode.TooLarge, $"the batch has more than {maximumSeries} definitions, time columns or blocks");
                return false;
            }
        }
        error = default;
        return true;
    }
}
