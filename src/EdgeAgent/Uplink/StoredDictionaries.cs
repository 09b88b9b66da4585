using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>
/// What the series of the records of a session are called, for a service that has forgotten. The names stand in the spool's own records, also in released ones
/// as long as their segment is there, and this process knows those that it gave itself. What is damaged on disk cannot be named.
/// </summary>
internal sealed class StoredDictionaries
{
    private static readonly DecodeLimits Limits = new();
    private readonly SortedDictionary<ulong, Dictionary> _found = [];
    private readonly HashSet<(ulong Dictionary, uint Series)> _named = [];

    private StoredDictionaries()
    {
    }

    public IEnumerable<Dictionary> All => _found.Values;

    /// <param name="queue">The lane.</param>
    /// <param name="first">The first sequence that the session will send.</param>
    /// <param name="bytes">How many bytes of records it may hold; it goes on until it has as many.</param>
    /// <param name="tailAtOpen">Dictionaries up to this sequence were opened by an earlier process.</param>
    /// <param name="catalog">The series of this one.</param>
    public static StoredDictionaries Read(SpoolQueue queue, ulong first, long bytes, ulong tailAtOpen, SeriesCatalog catalog)
    {
        var dictionaries = new StoredDictionaries();
        if (!TryFindOldest(queue, first, out ulong oldest))
        {
            return dictionaries;
        }
        var definitions = new List<SeriesDefinition>();
        using LookBack back = queue.LookBack(Math.Min(DictionaryId.OpenedBy(oldest), first));
        while (bytes > 0 && back.TryRead(out SpoolRecord record))
        {
            if (StoredRecord.TryReadDefinitions(record.Payload.Span, Limits, out ulong number, definitions))
            {
                dictionaries.Add(number, definitions);
            }
            definitions.Clear();
            bytes -= record.Sequence < first ? 0 : record.Payload.Length;
        }
        for (int i = 0; i < catalog.Count; i++)
        {
            definitions.Add(catalog[new SeriesId(i)].Definition);
        }
        // What thinning named it numbered by itself.
        foreach (ulong number in dictionaries._found.Keys.Where(number => number > tailAtOpen && !DictionaryId.IsThinned(number)))
        {
            dictionaries.Add(number, definitions);
        }
        return dictionaries;
    }

    public bool Name(ulong dictionary, uint series) => _named.Contains((dictionary, series));

    /// <summary>
    /// The dictionary of the first record there is. It is the only one that can have been opened before the session: every later one is opened by a
    /// record behind this one.
    /// </summary>
    private static bool TryFindOldest(SpoolQueue queue, ulong first, out ulong number)
    {
        var definitions = new List<SeriesDefinition>();
        using SpoolReader reader = queue.OpenReader(first);
        ReadResult result;
        while ((result = reader.Read(out SpoolRecord record)) != ReadResult.End)
        {
            if (result == ReadResult.Record && StoredRecord.TryReadDefinitions(record.Payload.Span, Limits, out number, definitions))
            {
                return true;
            }
        }
        number = 0;
        return false;
    }

    private void Add(ulong number, List<SeriesDefinition> definitions)
    {
        if (!_found.TryGetValue(number, out Dictionary? dictionary))
        {
            _found.Add(number, dictionary = new Dictionary { Dictionary_ = number });
        }
        foreach (SeriesDefinition definition in definitions)
        {
            if (_named.Add((number, definition.Ref)))
            {
                dictionary.Definitions.Add(definition);
            }
        }
    }
}
