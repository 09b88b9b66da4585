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
    /// <summary>
    /// Bytes of names in one opening, beyond those of its first record: with what a message may have at the service, 1 MiB, far from its limit. Where the
    /// session's records refer to more, the session ends before them, and the next one names them.
    /// </summary>
    private const int MaximumBytes = 512 * 1024;

    private static readonly DecodeLimits Limits = new();
    private readonly SortedDictionary<ulong, Dictionary> _sent = [];
    private readonly Dictionary<(ulong Dictionary, uint Series), SeriesDefinition> _found = [];
    private readonly HashSet<(ulong Dictionary, uint Series)> _named = [];
    private readonly ulong _tailAtOpen;
    private readonly SeriesCatalog _catalog;
    private int _bytes;

    private StoredDictionaries(ulong tailAtOpen, SeriesCatalog catalog) => (_tailAtOpen, _catalog) = (tailAtOpen, catalog);

    /// <summary>Nothing but what the records refer to.</summary>
    public IEnumerable<Dictionary> All => _sent.Values;

    /// <summary>The last sequence of which the names are complete, as far as they were found.</summary>
    public ulong Through { get; private set; } = ulong.MaxValue;

    /// <param name="queue">The lane.</param>
    /// <param name="first">The first sequence that the session will send.</param>
    /// <param name="bytes">How many bytes of records it may hold; it goes on until it has as many.</param>
    /// <param name="tailAtOpen">Dictionaries up to this sequence were opened by an earlier process.</param>
    /// <param name="catalog">The series of this one.</param>
    public static StoredDictionaries Read(SpoolQueue queue, ulong first, long bytes, ulong tailAtOpen, SeriesCatalog catalog)
    {
        var dictionaries = new StoredDictionaries(tailAtOpen, catalog);
        if (!TryFindOldest(queue, first, out ulong oldest))
        {
            return dictionaries;
        }
        var definitions = new List<SeriesDefinition>();
        var referred = new ReferredSeries();
        using LookBack back = queue.LookBack(Math.Min(DictionaryId.OpenedBy(oldest), first));
        while (bytes > 0 && back.TryRead(out SpoolRecord record))
        {
            if (StoredRecord.TryReadDefinitions(record.Payload.Span, Limits, out ulong number, definitions))
            {
                definitions.ForEach(definition => dictionaries._found.TryAdd((number, definition.Ref), definition));
            }
            definitions.Clear();
            if (record.Sequence < first)
            {
                continue;
            }
            if (referred.TryRead(record.Payload.Span))
            {
                dictionaries.Send(referred.All);
            }
            bytes -= record.Payload.Length;
            if (dictionaries._bytes >= MaximumBytes)
            {
                dictionaries.Through = record.Sequence;
                break;
            }
        }
        return dictionaries;
    }

    /// <summary>Whether everything that a record refers to is named, in the record itself or in this.</summary>
    public bool IsNaming(ReadOnlySpan<byte> stored)
    {
        var referred = new ReferredSeries();
        return !referred.TryRead(stored) || referred.All.All(_named.Contains);
    }

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

    private void Send(IReadOnlyCollection<(ulong Dictionary, uint Series)> referred)
    {
        foreach ((ulong Dictionary, uint Series) series in referred)
        {
            if (_named.Contains(series) || (_found.GetValueOrDefault(series) ?? OwnName(series)) is not { } definition)
            {
                continue;
            }
            if (!_sent.TryGetValue(series.Dictionary, out Dictionary? dictionary))
            {
                _sent.Add(series.Dictionary, dictionary = new Dictionary { Dictionary_ = series.Dictionary });
            }
            dictionary.Definitions.Add(definition);
            _named.Add(series);
            _bytes += definition.CalculateSize();
        }
    }

    /// <summary>What this process calls a series of a dictionary that it opened itself. What thinning named it numbered by itself.</summary>
    private SeriesDefinition? OwnName((ulong Dictionary, uint Series) series) =>
        series.Dictionary > _tailAtOpen && !DictionaryId.IsThinned(series.Dictionary) && series.Series > 0 && series.Series <= _catalog.Count
            ? _catalog[new SeriesId((int)series.Series - 1)].Definition : null;
}
