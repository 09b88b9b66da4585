using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>
/// Finds what the series of a record are called, for a service that has forgotten. The names are in the records from the one that opened
/// the dictionary on; where the spool gives those no longer, because they are released, this process knows the names that it gave itself.
/// Only the first record's dictionary is needed: every later one is opened within the session.
/// </summary>
internal static class StoredDictionary
{
    private static readonly DecodeLimits Limits = new();

    /// <returns>Null where there is no record to name anything for.</returns>
    public static Dictionary? Read(SpoolQueue queue, ulong first, ulong tailAtOpen, SeriesCatalog catalog)
    {
        using SpoolReader reader = queue.OpenReader(first);
        var found = new List<SeriesDefinition>();
        if (!TryReadNext(reader, ulong.MaxValue, out SpoolRecord record)
            || !StoredRecord.TryReadDefinitions(record.Payload.Span, Limits, out ulong number, found))
        {
            return null;
        }
        ulong end = record.Sequence;
        var dictionary = new Dictionary { Dictionary_ = number };
        var named = new HashSet<uint>();
        // The record's own definitions travel with it.
        found.Clear();
        reader.Seek(number);
        while (TryReadNext(reader, end, out record))
        {
            if (!StoredRecord.TryReadDefinitions(record.Payload.Span, Limits, out ulong other, found) || other != number)
            {
                found.Clear();
            }
            Add(found);
            found.Clear();
        }
        if (number > tailAtOpen)
        {
            for (int i = 0; i < catalog.Count; i++)
            {
                found.Add(catalog[new SeriesId(i)].Definition);
            }
            Add(found);
        }
        return dictionary;

        void Add(List<SeriesDefinition> definitions)
        {
            foreach (SeriesDefinition definition in definitions)
            {
                if (named.Add(definition.Ref))
                {
                    dictionary.Definitions.Add(definition);
                }
            }
        }
    }

    private static bool TryReadNext(SpoolReader reader, ulong end, out SpoolRecord record)
    {
        ReadResult result;
        do
        {
            result = reader.Read(out record);
        }
        while (result == ReadResult.Gap);
        return result == ReadResult.Record && record.Sequence < end;
    }
}
