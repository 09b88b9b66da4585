using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>What became of a <see cref="SourceChunk"/>.</summary>
internal enum StoreOutcome
{
    /// <summary>It is durable, rows and watermark together.</summary>
    Stored,

    /// <summary>
    /// Another session has moved the watermark: nothing of the chunk was written. Skip what is below, or give up the session.
    /// </summary>
    Superseded,

    /// <summary>
    /// A batch refers to a series that was never named: nothing of the chunk was written. Ask the device for its dictionaries.
    /// </summary>
    SeriesUnknown,

    /// <summary>The store could not write: nothing of the chunk was written. The device keeps the data and tries again.</summary>
    Failed,
}

/// <summary>The last reading of a series, or the last entry of one of aggregates, for those who watch.</summary>
internal sealed record LatestReading(
    long SeriesId, string Device, string Name, string Unit, SeriesKind Kind, Aggregate? Aggregate, long UnixNanoseconds, ReadingValue Value,
    Quality Quality);

/// <remarks>
/// DurableThrough: The source's watermark after the attempt.
/// Dictionary: With Series, the unknown reference of <see cref="StoreOutcome.SeriesUnknown"/>.
/// Latest: Of a stored chunk: the last reading of each of its series.
/// </remarks>
internal sealed record StoreResult(
    StoreOutcome Outcome, ulong DurableThrough, ulong Dictionary, uint Series, IReadOnlyList<LatestReading> Latest)
{
    public static StoreResult Stored(ulong durableThrough, IReadOnlyList<LatestReading> latest) =>
        new(StoreOutcome.Stored, durableThrough, 0, 0, latest);

    public static StoreResult Superseded(ulong durableThrough) => new(StoreOutcome.Superseded, durableThrough, 0, 0, []);

    public static StoreResult SeriesUnknown(ulong durableThrough, ulong dictionary, uint series) =>
        new(StoreOutcome.SeriesUnknown, durableThrough, dictionary, series, []);

    public static StoreResult Failed() => new(StoreOutcome.Failed, 0, 0, 0, []);
}
