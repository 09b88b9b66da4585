namespace EdgeAgent.Batching;

/// <summary>What the batcher is doing.</summary>
internal enum BatcherState
{
    /// <summary>Readings go into batches, and batches into the spool.</summary>
    Filling,

    /// <summary>
    /// The spool has no room. The channel is not read, so that its writers wait or count; the batch is offered again now and then.
    /// </summary>
    Held,

    /// <summary>
    /// The disk failed, or there has been no spool since the start. The channel is not read; the spool is opened again now and then, and what
    /// the disk lost is appended again.
    /// </summary>
    Reopening,

    /// <summary>The channel has ended: the last batches are closed, and the last commit is awaited.</summary>
    Draining,

    /// <summary>
    /// The channel has ended, and the spool takes no more readings: what is appended is committed, and the ledger told how many the others were.
    /// </summary>
    Accounting,

    /// <summary>Everything was settled, one way or the other.</summary>
    Ended,
}
