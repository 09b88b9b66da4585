using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol;

/// <summary>Which series have been named under the present dictionary, and how long each definition is. By reference, which is dense.</summary>
internal sealed class NamedSeries
{
    private ReusedArray<Entry> _entries = new(64);
    private ulong _dictionary;

    /// <summary>Begins to name everything anew, unless this is the dictionary that is in use already.</summary>
    public void Use(ulong dictionary)
    {
        if (dictionary != _dictionary)
        {
            Forget();
            _dictionary = dictionary;
        }
    }

    public void Forget()
    {
        _dictionary = 0;
        foreach (ref Entry entry in _entries.Items.AsSpan())
        {
            entry.IsNamed = false;
        }
    }

    /// <summary>The length of the definition within a batch, or 0 where it was never measured.</summary>
    public int DefinitionBytes(uint series) => series < (uint)_entries.Items.Length ? _entries.Items[series].DefinitionBytes : 0;

    /// <summary>Asks the catalog once for each series.</summary>
    public int MeasureDefinition(uint series, ISeriesDefinitions definitions)
    {
        _entries.Ensure((int)series + 1, keep: _entries.Items.Length);
        ref Entry entry = ref _entries.Items[series];
        if (entry.DefinitionBytes == 0)
        {
            SeriesDefinition definition = definitions[series];
            int size = definition.CalculateSize();
            entry.DefinitionBytes = 1 + VarInt.Length((uint)size) + size;
            entry.IsAggregate = definition.Aggregate is not null;
        }
        return entry.DefinitionBytes;
    }

    /// <summary>Whether it holds aggregates. Known once its definition was measured.</summary>
    public bool IsAggregate(uint series) => _entries.Items[series].IsAggregate;

    /// <returns>Whether it was not named yet.</returns>
    public bool TryName(uint series)
    {
        _entries.Ensure((int)series + 1, keep: _entries.Items.Length);
        ref Entry entry = ref _entries.Items[series];
        bool isNew = !entry.IsNamed;
        entry.IsNamed = true;
        return isNew;
    }

    private struct Entry
    {
        public int DefinitionBytes;
        public bool IsNamed;
        public bool IsAggregate;
    }
}
