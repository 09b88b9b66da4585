namespace EdgeAgent.Ingestion.Ingest;

/// <summary>What the rule of the sequence says about a record or a gap.</summary>
internal enum SequenceOutcome
{
    /// <summary>A record that comes next: store it.</summary>
    Store,

    /// <summary>
    /// Stored or explained before: count it and say nothing, the device only repeats what it could not know was received.
    /// </summary>
    Skip,

    /// <summary>Something in between is missing: keep what came before and end the session with ABORTED.</summary>
    Hole,

    /// <summary>A gap that comes next: enter it in the ledger.</summary>
    ExplainedGap,

    /// <summary>
    /// A gap whose beginning is stored already, because the device dropped records whose receipt it never got: enter the rest
    /// in the ledger. How many of its readings were in the part that is stored is not known.
    /// </summary>
    PartlyKnownGap,

    /// <summary>A sequence of 0, beyond 2^63 - 1, or a gap that ends before it begins: refuse it.</summary>
    Malformed,
}

/// <summary>
/// The duplicate rule, one number: everything up to and including <c>through</c> is stored or explained, so what comes next is
/// <c>through + 1</c>, and nothing else is ever taken. Sequences count from 1 within (device, spool, lane).
/// </summary>
internal static class SequenceRule
{
    // Databases count in signed 64-bit integers. At a million records a second this lasts 292,000 years.
    public const ulong Last = long.MaxValue;

    public static SequenceOutcome ForRecord(ulong through, ulong sequence) => sequence switch
    {
        0 or > Last => SequenceOutcome.Malformed,
        _ when sequence <= through => SequenceOutcome.Skip,
        _ when sequence == through + 1 => SequenceOutcome.Store,
        _ => SequenceOutcome.Hole,
    };

    /// <param name="through">The watermark.</param>
    /// <param name="from">First missing sequence.</param>
    /// <param name="to">Last missing sequence.</param>
    public static SequenceOutcome ForGap(ulong through, ulong from, ulong to) => from switch
    {
        0 => SequenceOutcome.Malformed,
        _ when to < from || to > Last => SequenceOutcome.Malformed,
        _ when to <= through => SequenceOutcome.Skip,
        _ when from <= through => SequenceOutcome.PartlyKnownGap,
        _ when from == through + 1 => SequenceOutcome.ExplainedGap,
        _ => SequenceOutcome.Hole,
    };
}
