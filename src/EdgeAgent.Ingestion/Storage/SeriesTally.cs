using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>What a chunk adds to one series: how many readings, and which is the last.</summary>
internal struct SeriesTally
{
    public static SeriesTally Empty => new() { LastRank = long.MinValue, LastTime = long.MinValue };

    public int Readings { get; private set; }

    /// <summary>
    /// The smaller one of the reading's time and the time it was received: a clock that runs ahead must not keep a wrong
    /// reading the last one for ever.
    /// </summary>
    public long LastRank { get; private set; }

    public long LastTime { get; private set; }

    /// <summary>Whether any of the readings has a value.</summary>
    public bool HasValue { get; private set; }

    public ColumnRun LastRun { get; private set; }

    /// <summary>The row within <see cref="LastRun"/>.</summary>
    public int LastRow { get; private set; }

    public void Add(SourceChunk chunk, in ColumnRun run)
    {
        Readings += run.Count;
        HasValue = HasValue || AnyValue(chunk.Readings.Qualities(run));
        ReadOnlySpan<long> times = chunk.Readings.Times(run);
        for (int i = 0; i < times.Length; i++)
        {
            long rank = Math.Min(times[i], chunk.ReceivedUnixNanoseconds);
            if (rank > LastRank || (rank == LastRank && times[i] >= LastTime))
            {
                LastRank = rank;
                LastTime = times[i];
                LastRun = run;
                LastRow = i;
            }
        }
    }

    private static bool AnyValue(ReadOnlySpan<Quality> qualities)
    {
        foreach (Quality quality in qualities)
        {
            if (quality < Quality.NoResponse)
            {
                return true;
            }
        }
        return false;
    }
}
