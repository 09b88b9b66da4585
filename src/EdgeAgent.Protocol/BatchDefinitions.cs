using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;
using Google.Protobuf;

namespace EdgeAgent.Protocol;

/// <summary>Reads the dictionary and the definitions of a serialized ReadingBatch and skips its columns.</summary>
internal static class BatchDefinitions
{
    public static bool TryRead(ReadOnlySpan<byte> batch, DecodeLimits limits, out ulong dictionary, List<SeriesDefinition> definitions)
    {
        ulong found = 0;
        int before = definitions.Count;
        if (TryReadFields(batch, limits.MaximumSeries, ref found, definitions))
        {
            dictionary = found;
            return true;
        }
        definitions.RemoveRange(before, definitions.Count - before);
        dictionary = 0;
        return false;
    }

    private static bool TryReadFields(ReadOnlySpan<byte> batch, int maximumSeries, ref ulong dictionary, List<SeriesDefinition> definitions)
    {
        var reader = new WireReader(batch);
        int count = 0;
        while (!reader.AtEnd)
        {
            bool read = reader.TryReadTag(out int field, out WireType type);
            if (read && field == ReadingBatch.DictionaryFieldNumber && type == WireType.VarInt)
            {
                read = reader.TryReadVarInt(out dictionary);
            }
            else if (read && field == ReadingBatch.DefinitionsFieldNumber && type == WireType.Bytes)
            {
                read = ++count <= maximumSeries && reader.TryReadBytes(out ReadOnlySpan<byte> bytes) && TryParse(bytes, definitions);
            }
            else if (read)
            {
                read = reader.TrySkip(type);
            }
            if (!read)
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> bytes, List<SeriesDefinition> definitions)
    {
        try
        {
            definitions.Add(SeriesDefinition.Parser.ParseFrom(bytes));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
