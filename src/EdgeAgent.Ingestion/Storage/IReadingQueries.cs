using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

internal sealed record StoredSpool(
    string Spool, Lane Lane, ulong DurableThrough, long Records, long RecordsSkipped, long Readings, long Bytes);

internal sealed record StoredDevice(
    string Name, long FirstSeenUnixNanoseconds, long LastSeenUnixNanoseconds, string AgentVersion, IReadOnlyList<StoredSpool> Spools);

/// <remarks>
/// Labels: A JSON object of texts.
/// LastUnixNanoseconds: Null where the series has no reading yet.
/// </remarks>
internal sealed record StoredSeries(
    long Id, string Device, string Name, string Unit, string Labels, SeriesKind Kind, long Readings,
    long? LastUnixNanoseconds, ReadingValue LastValue, Quality LastQuality);

internal sealed record StoredGap(
    string Device, string Spool, Lane Lane, ulong From, ulong To, ulong ReportedFrom, ulong Readings, LossCause Cause,
    long ReceivedUnixNanoseconds);

/// <summary>A reading with its whole key, so that the next block can begin behind it.</summary>
internal readonly record struct StoredReading(
    long UnixNanoseconds, long Source, long Sequence, long Ordinal, ReadingValue Value, Quality Quality);

/// <summary>Which readings, and in what order.</summary>
/// <remarks>
/// From: First instant, inclusive.
/// To: Last instant, exclusive; null: no end.
/// </remarks>
internal sealed record ReadingRange(long Series, long From, long? To, bool Descending);

internal sealed record StoreSummary(
    long Devices, long Series, long Readings, long Records, long DuplicatesSkipped, long Gaps, long ReadingsLost, long Bytes,
    long DatabaseBytes);

/// <summary>
/// What is asked of the store. Nothing here scans readings: counts and last values are kept as they come in, and ranges
/// follow the key.
/// </summary>
internal interface IReadingQueries
{
    IReadOnlyList<StoredDevice> Devices();

    /// <remarks>
    /// device: Null: of all devices.
    /// </remarks>
    IReadOnlyList<StoredSeries> Series(string? device);

    StoredSeries? FindSeries(long id);

    StoredSeries? FindSeries(string device, string name);

    /// <summary>Fills the block with readings behind <paramref name="after"/>; null: from the beginning.</summary>
    /// <returns>How many; fewer than the block holds at the range's end.</returns>
    int ReadBlock(ReadingRange range, StoredReading? after, Span<StoredReading> block);

    /// <summary>The newest entries of the loss ledger first.</summary>
    IReadOnlyList<StoredGap> Gaps(string? device, int limit);

    StoreSummary Summary();
}
