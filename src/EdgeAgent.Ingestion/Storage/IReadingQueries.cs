using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <remarks>
/// Waiting: What the device said last of what it has still to send.
/// ToldUnixNanoseconds: When it did; 0: never.
/// </remarks>
internal sealed record StoredSpool(
    string Spool, Lane Lane, ulong DurableThrough, long Records, long RecordsSkipped, long Readings, long Aggregates, long Bytes, WaitingReport Waiting,
    long ToldUnixNanoseconds);

internal sealed record StoredDevice(
    string Name, long FirstSeenUnixNanoseconds, long LastSeenUnixNanoseconds, string AgentVersion, IReadOnlyList<StoredSpool> Spools);

/// <remarks>
/// Labels: A JSON object of texts.
/// Aggregate: What the series aggregates; null: it holds readings.
/// Readings: Of a series of aggregates its entries.
/// LastUnixNanoseconds: Null where the series has no reading yet.
/// ExpectedIntervalNanoseconds: How often the device said that a reading is to be expected; 0: it did not say.
/// HeardUnixNanoseconds: When the last value came, other than by the backlog, by the service's clock; when the series was named where none has come.
/// </remarks>
internal sealed record StoredSeries(
    long Id, string Device, string Name, string Unit, string Labels, SeriesKind Kind, Aggregate? Aggregate, long Readings,
    long? LastUnixNanoseconds, ReadingValue LastValue, Quality LastQuality, long ExpectedIntervalNanoseconds, long HeardUnixNanoseconds,
    long DeviceSeenUnixNanoseconds);

internal sealed record StoredGap(
    string Device, string Spool, Lane Lane, ulong From, ulong To, ulong ReportedFrom, ulong Readings, LossCause Cause,
    long ReceivedUnixNanoseconds);

/// <summary>What a device reported as lost for one cause, added up.</summary>
/// <remarks>
/// Unknown: Entries whose number of readings the device does not know.
/// </remarks>
internal sealed record StoredLoss(string Device, LossCause Cause, long Entries, long Readings, long Unknown, long FirstReceived, long LastReceived);

/// <summary>A reading with its whole key, so that the next block can begin behind it.</summary>
/// <remarks>
/// IsProvisional: The time was made before the device's clock was right, and nobody could correct it.
/// IsLate: It came by the backlog.
/// </remarks>
internal readonly record struct StoredReading(
    long UnixNanoseconds, long Source, long Sequence, long Ordinal, ReadingValue Value, Quality Quality, bool IsProvisional = false, bool IsLate = false);

/// <summary>Which readings, and in what order.</summary>
/// <remarks>
/// From: First instant, inclusive.
/// To: Last instant, exclusive; null: no end.
/// </remarks>
internal sealed record ReadingRange(long Series, long From, long? To, bool Descending);

/// <remarks>
/// Series: Without those of aggregates.
/// ReadingsLost: Without those that were thinned, of which aggregates are there.
/// </remarks>
internal sealed record StoreSummary(
    long Devices, long Series, long Readings, long Aggregates, long Records, long DuplicatesSkipped, long Gaps, long ReadingsLost,
    long ReadingsThinned, long Bytes, long DatabaseBytes);

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

    /// <summary>Series with an expected interval of which no value has come since.</summary>
    IReadOnlyList<StoredSeries> Unheard(long sinceUnixNanoseconds);

    StoredSeries? FindSeries(long id);

    /// <summary>Where readings and aggregates have the same name: the readings.</summary>
    StoredSeries? FindSeries(string device, string name);

    /// <summary>Fills the block with readings behind <paramref name="after"/>; null: from the beginning.</summary>
    /// <returns>How many; fewer than the block holds at the range's end.</returns>
    int ReadBlock(ReadingRange range, StoredReading? after, Span<StoredReading> block);

    /// <summary>The newest entries of the loss ledger first.</summary>
    IReadOnlyList<StoredGap> Gaps(string? device, int limit);

    /// <summary>The loss ledger by device and cause.</summary>
    /// <remarks>
    /// device: Null: of all devices.
    /// </remarks>
    IReadOnlyList<StoredLoss> Losses(string? device);

    StoreSummary Summary();
}
