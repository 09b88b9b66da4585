namespace EdgeAgent.Ingestion.Storage;

/// <summary>
/// Where readings go. One transaction holds rows, gaps, dictionaries and the watermark, and the watermark is compared in it,
/// so that a record is stored once whoever sends it how often, and through however many instances.
/// </summary>
internal interface IReadingStore : IAsyncDisposable
{
    /// <summary>
    /// Dictionaries of a source that are remembered. The records of a spool segment refer to the dictionary that the segment began with. Two would do; a
    /// foreign client may be less orderly. What is dropped too early is asked for again.
    /// </summary>
    const int KeptDictionaries = 4;

    /// <summary>The watermark of a source; 0 for one that was never heard of.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<ulong> ReadDurableThroughAsync(SourceKey source, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the chunks in order, in one transaction that is durable when this returns. Called by one caller at a time.
    /// A chunk that does not fit (superseded, series unknown) leaves no trace and does not hinder the others.
    /// </summary>
    /// <returns>One result a chunk, in the same order.</returns>
    /// <exception cref="StoreUnavailableException">Nothing of any chunk was written.</exception>
    ValueTask<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<SourceChunk> chunks, CancellationToken cancellationToken);

    /// <summary>Writes something without consequence, durably, to see whether the store works again.</summary>
    /// <exception cref="StoreUnavailableException">It does not.</exception>
    ValueTask ProbeAsync(CancellationToken cancellationToken);
}
