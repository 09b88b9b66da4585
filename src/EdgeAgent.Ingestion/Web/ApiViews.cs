using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Web;

// The shapes of the read API. Every instant comes twice: as text for people, as an integer for programs that count.

/// <summary>What a device said last of what it has still to send in a lane.</summary>
/// <remarks>
/// DrainedInSeconds: When it expects to have sent all of it; null: it does not know.
/// </remarks>
internal sealed record WaitingView(long Bytes, double OldestAgeSeconds, double? DrainedInSeconds, string Told, long ToldUnixNanoseconds);

/// <remarks>
/// Waiting: Null where nothing waits, or nothing was said.
/// </remarks>
internal sealed record SpoolView(
    string Id, string Lane, ulong DurableThrough, long Records, long DuplicatesSkipped, long Readings, long Aggregates, long Bytes,
    WaitingView? Waiting);

internal sealed record DeviceView(
    string Name, string FirstSeen, long FirstSeenUnixNanoseconds, string LastSeen, long LastSeenUnixNanoseconds, string AgentVersion,
    IReadOnlyList<SpoolView> Spools);

/// <remarks>
/// Provisional: The time was made before the device's clock was right, and nobody could correct it. Left out where it is false, and unknown of last readings.
/// Late: It came by the backlog: it was not new when it was sent. Left out where it is false.
/// </remarks>
internal sealed record ReadingView(
    string Time, long UnixNanoseconds, ReadingValue Value, string Quality,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Provisional = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Late = false);

/// <summary>What a series of aggregates is made of.</summary>
internal sealed record AggregateView(string Function, long WindowSeconds, string Of);

/// <remarks>
/// Labels: An object of texts, as the device named them.
/// Aggregate: Null where the series holds readings.
/// Readings: 0 where it holds aggregates; Entries are then what it holds.
/// Last: The last reading; null where there is none yet.
/// ExpectedIntervalSeconds: How often the device said that a reading is to be expected; null: it did not say, and is not watched.
/// Silent: No value has come for longer than that allows.
/// SilentCause: "device-offline", the quality that the sensor reports, or "silent"; null while it is not silent.
/// </remarks>
internal sealed record SeriesView(
    long Id, string Device, string Name, string Unit, JsonElement Labels, string Kind, AggregateView? Aggregate, long Readings, long Entries,
    ReadingView? Last, double? ExpectedIntervalSeconds, bool Silent, string? SilentCause);

/// <summary>A series of which no value has come for longer than was to be expected.</summary>
/// <remarks>
/// Heard: When the last value came; when the series was named where none has come.
/// Cause: As in <see cref="SeriesView"/>.
/// </remarks>
internal sealed record SilentView(
    long Id, string Device, string Name, double ExpectedIntervalSeconds, string Heard, long HeardUnixNanoseconds, string Cause);

/// <remarks>
/// ReportedFrom: Less than From where the first part had arrived after all; ReadingsLost counts from here.
/// ReadingsLost: At most so many readings; 0 where the device does not know. Where the cause is "thinned" they are kept as aggregates.
/// </remarks>
internal sealed record GapView(
    string Device, string Spool, string Lane, ulong From, ulong To, ulong ReportedFrom, ulong ReadingsLost, string Cause,
    string Received, long ReceivedUnixNanoseconds);

/// <summary>The loss ledger of a device for one cause, added up.</summary>
/// <remarks>
/// EntriesUnknown: Entries whose number of readings the device does not know.
/// </remarks>
internal sealed record LossView(
    string Device, string Cause, long Entries, long Readings, long EntriesUnknown, string FirstReceived, string LastReceived);

/// <remarks>
/// Aggregates: What is kept of readings that were thinned; not among Readings.
/// ReadingsLost: Without ReadingsThinned.
/// </remarks>
internal sealed record SummaryView(
    long Devices, long Series, long Readings, long Aggregates, long Records, long DuplicatesSkipped, long Gaps, long ReadingsLost,
    long ReadingsThinned, long BytesReceived, long DatabaseBytes, bool StoreWorks);

/// <summary>A change that the page shows at once.</summary>
internal sealed record LiveReading(
    long Series, string Device, string Name, string Unit, string Kind, AggregateView? Aggregate, ReadingView Last);

internal sealed record DevicesAnswer(IReadOnlyList<DeviceView> Devices);

internal sealed record SilentAnswer(IReadOnlyList<SilentView> Series);

internal sealed record SeriesAnswer(IReadOnlyList<SeriesView> Series);

/// <summary>Readings are read while they are written, so that the answer's length costs no memory.</summary>
internal sealed record ReadingsAnswer(SeriesView Series, IEnumerable<ReadingView> Readings);

internal sealed record GapsAnswer(IReadOnlyList<GapView> Gaps);

internal sealed record LossesAnswer(IReadOnlyList<LossView> Losses);

/// <summary>Field names are camelCase; times that JavaScript could not hold exactly stay integers all the same.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DevicesAnswer))]
[JsonSerializable(typeof(SeriesAnswer))]
[JsonSerializable(typeof(SilentAnswer))]
[JsonSerializable(typeof(ReadingsAnswer))]
[JsonSerializable(typeof(GapsAnswer))]
[JsonSerializable(typeof(LossesAnswer))]
[JsonSerializable(typeof(SummaryView))]
[JsonSerializable(typeof(IReadOnlyList<LiveReading>))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal static class ApiViews
{
    public static DeviceView Of(StoredDevice device) => new(
        device.Name, UnixTime.Format(device.FirstSeenUnixNanoseconds), device.FirstSeenUnixNanoseconds,
        UnixTime.Format(device.LastSeenUnixNanoseconds), device.LastSeenUnixNanoseconds, device.AgentVersion,
        [.. device.Spools.Select(spool => new SpoolView(
            spool.Spool, Name(spool.Lane), spool.DurableThrough, spool.Records, spool.RecordsSkipped, spool.Readings, spool.Aggregates,
            spool.Bytes, Of(spool)))]);

    private static WaitingView? Of(StoredSpool spool) =>
        spool.ToldUnixNanoseconds == 0 || spool.Waiting.Bytes == 0 || spool.Waiting.IsOver(spool.DurableThrough)
            ? null
            : new WaitingView(
                spool.Waiting.Bytes, spool.Waiting.OldestAgeMilliseconds / 1000d,
                spool.Waiting.DrainedInMilliseconds == 0 ? null : spool.Waiting.DrainedInMilliseconds / 1000d,
                UnixTime.Format(spool.ToldUnixNanoseconds), spool.ToldUnixNanoseconds);

    public static SeriesView Of(StoredSeries series, Silence? silence)
    {
        using JsonDocument labels = JsonDocument.Parse(series.Labels);
        return new SeriesView(
            series.Id, series.Device, series.Name, series.Unit, labels.RootElement.Clone(), Name(series.Kind), Of(series.Aggregate),
            series.Aggregate is null ? series.Readings : 0, series.Aggregate is null ? 0 : series.Readings,
            series.LastUnixNanoseconds is { } time ? Of(time, series.LastValue, series.LastQuality) : null,
            series.ExpectedIntervalNanoseconds == 0 ? null : Seconds(series.ExpectedIntervalNanoseconds), silence is not null,
            silence is { } found ? Name(found) : null);
    }

    public static SilentView Of(StoredSeries series, Silence silence) => new(
        series.Id, series.Device, series.Name, Seconds(series.ExpectedIntervalNanoseconds), UnixTime.Format(series.HeardUnixNanoseconds),
        series.HeardUnixNanoseconds, Name(silence));

    public static string Name(Silence silence) => silence.Cause switch
    {
        SilenceCause.DeviceOffline => "device-offline",
        SilenceCause.SensorFails => Name(silence.Quality),
        _ => "silent",
    };

    public static AggregateView? Of(Aggregate? aggregate) =>
        aggregate is null ? null : new AggregateView(AggregateName.FunctionWord(aggregate.Function), aggregate.WindowSeconds, aggregate.Of);

    public static ReadingView Of(StoredReading reading) =>
        Of(reading.UnixNanoseconds, reading.Value, reading.Quality) with { Provisional = reading.IsProvisional, Late = reading.IsLate };

    public static ReadingView Of(long unixNanoseconds, ReadingValue value, Quality quality) =>
        new(UnixTime.Format(unixNanoseconds), unixNanoseconds, value, Name(quality));

    public static LiveReading Of(LatestReading latest) => new(
        latest.SeriesId, latest.Device, latest.Name, latest.Unit, Name(latest.Kind), Of(latest.Aggregate),
        Of(latest.UnixNanoseconds, latest.Value, latest.Quality));

    public static GapView Of(StoredGap gap) => new(
        gap.Device, gap.Spool, Name(gap.Lane), gap.From, gap.To, gap.ReportedFrom, gap.Readings, Name(gap.Cause),
        UnixTime.Format(gap.ReceivedUnixNanoseconds), gap.ReceivedUnixNanoseconds);

    public static LossView Of(StoredLoss loss) => new(
        loss.Device, Name(loss.Cause), loss.Entries, loss.Readings, loss.Unknown, UnixTime.Format(loss.FirstReceived),
        UnixTime.Format(loss.LastReceived));

    public static SummaryView Of(StoreSummary summary, bool storeWorks) => new(
        summary.Devices, summary.Series, summary.Readings, summary.Aggregates, summary.Records, summary.DuplicatesSkipped, summary.Gaps,
        summary.ReadingsLost, summary.ReadingsThinned, summary.Bytes, summary.DatabaseBytes, storeWorks);

    public static string Name(Quality quality) => quality switch
    {
        Quality.Good => "good",
        Quality.Uncertain => "uncertain",
        Quality.NoResponse => "no-response",
        Quality.Checksum => "checksum",
        Quality.NotReady => "not-ready",
        Quality.OutOfRange => "out-of-range",
        _ => "failed",
    };

    private static double Seconds(long nanoseconds) => nanoseconds / 1e9;

    private static string Name(Lane lane) => lane switch
    {
        Lane.Alarm => "alarm",
        Lane.Live => "live",
        _ => "backlog",
    };

    private static string Name(SeriesKind kind) => kind switch
    {
        SeriesKind.Boolean => "boolean",
        SeriesKind.Text => "text",
        _ => "number",
    };

    private static string Name(LossCause cause) => cause switch
    {
        LossCause.Evicted => "evicted",
        LossCause.Thinned => "thinned",
        LossCause.Corrupt => "corrupt",
        LossCause.DiskFull => "disk-full",
        LossCause.Refused => "refused",
        LossCause.Overflow => "overflow",
        LossCause.Unwritten => "unwritten",
        LossCause.Released => "released",
        _ => "unspecified",
    };
}
