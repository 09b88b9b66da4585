using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Scanning;
using EdgeAgent.Sensors;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Diagnostics;

/// <summary>A status as JSON:
/// <code>
/// { "version", "runningSeconds", "time": { "now", "isKnown" },
///   "uplink": { "isStalled", "fruitlessConnections", "acknowledgedSecondsAgo", "connections", "connectFailures", "certificateUntil" },
///   "lanes": { LANE: { "state", "bytes", "oldestSeconds", "released", "committed" } }, "backlogEmptyInSeconds", "spool": "sound" | "full" | "broken" | null,
///   "traffic": { "day": PERIOD, "month": PERIOD, "live": TEXT, "backlog": TEXT },      PERIOD := { "bytes", "limit", "text" }
///   "flashBytesLeftToday", "readings": { "read", "suppressed", "batched", "acknowledged", "dropped", "evicted", "thinned" }, "logLevel",
///   "series": [ { "name", "value", "unit", "quality", "at", "readings", "everySeconds", "expectedSeconds" } ], "seriesLeftOut",
///   … what AgentStatusJson.More.cs writes }
/// </code>
/// Names stay, and new ones come behind. What is not known is null. Values are as sources gave them, before any rule.</summary>
internal static partial class AgentStatusJson
{
    public static string Of(AgentStatus status) => JsonText.Of(json => Write(json, status));

    /// <summary>What there is to say while there is no inside to look at.</summary>
    /// <param name="sentence">Why, for a person.</param>
    public static string Without(string sentence) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", AgentVersion.Value);
        json.WriteString("state", "rebuilding");
        json.WriteString("sentence", sentence);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, AgentStatus status)
    {
        json.WriteStartObject();
        json.WriteString("version", status.Version);
        json.WriteSeconds("runningSeconds", status.Running);
        json.WriteStartObject("time");
        json.WriteString("now", Time(status.Now));
        json.WriteBoolean("isKnown", status.IsTimeKnown);
        json.WriteEndObject();
        WriteUplink(json, status);
        json.WriteStartObject("lanes");
        foreach (LaneStatus lane in status.Lanes)
        {
            json.WriteStartObject(SpoolLanes.NameOf(lane.Lane));
            json.WriteString("state", TotalBy<UploadState>.Label(lane.State));
            json.WriteNumber("bytes", lane.Bytes);
            json.WriteSeconds("oldestSeconds", lane.Oldest);
            json.WriteNumber("released", lane.Released);
            json.WriteNumber("committed", lane.Committed);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteSeconds("backlogEmptyInSeconds", status.BacklogEmptyIn);
        json.WriteString("spool", status.Spool?.ToString().ToLowerInvariant());
        WriteTraffic(json, status.Traffic);
        json.WriteNumberOrNull("flashBytesLeftToday", status.FlashLeft);
        WriteReadings(json, status.Readings);
        json.WriteString("logLevel", status.LogLevel.ToString().ToLowerInvariant());
        json.WriteStartArray("series");
        foreach (SeriesStatus series in status.Series)
        {
            Write(json, series);
        }
        json.WriteEndArray();
        json.WriteNumber("seriesLeftOut", status.SeriesLeftOut);
        WriteMore(json, status);
        json.WriteEndObject();
    }

    private static void WriteUplink(Utf8JsonWriter json, AgentStatus status)
    {
        json.WriteStartObject("uplink");
        json.WriteBoolean("isStalled", status.Uplink.IsStalled);
        json.WriteNumber("fruitlessConnections", status.Uplink.FruitlessConnections);
        json.WriteSeconds("acknowledgedSecondsAgo", status.Uplink.SinceAcknowledged);
        json.WriteNumber("connections", status.Connections.Made);
        json.WriteNumber("connectFailures", status.Connections.Failed);
        json.WriteString("certificateUntil", status.CertificateUntil is { } until ? Time(until) : null);
        json.WriteEndObject();
    }

    private static void WriteTraffic(Utf8JsonWriter json, TrafficStatus traffic)
    {
        json.WriteStartObject("traffic");
        foreach ((string name, PeriodStatus period) in new[] { ("day", traffic.Day), ("month", traffic.Month) })
        {
            json.WriteStartObject(name);
            json.WriteNumber("bytes", period.Bytes);
            json.WriteNumberOrNull("limit", period.Limit);
            json.WriteString("text", period.Describe());
            json.WriteEndObject();
        }
        json.WriteString("live", traffic.Live.Describe(traffic.Now));
        json.WriteString("backlog", traffic.Backlog.Describe(traffic.Now));
        json.WriteEndObject();
    }

    private static void WriteReadings(Utf8JsonWriter json, ReadingTotals readings)
    {
        json.WriteStartObject("readings");
        json.WriteNumber("read", readings.Read);
        json.WriteNumber("suppressed", readings.Suppressed);
        json.WriteNumber("batched", readings.Batched);
        json.WriteNumber("acknowledged", readings.Acknowledged);
        json.WriteNumber("dropped", readings.Dropped);
        json.WriteNumber("evicted", readings.Evicted);
        json.WriteNumber("thinned", readings.Thinned);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SeriesStatus series)
    {
        bool isThere = series.Last.Count > 0;
        bool hasValue = isThere && series.Last.Quality < Quality.NoResponse;
        json.WriteStartObject();
        json.WriteString("name", series.Definition.Name);
        switch (series.Definition.Kind)
        {
            case SeriesKind.Boolean when hasValue:
                json.WriteBoolean("value", series.Last.Number != 0);
                break;
            case SeriesKind.Text when hasValue:
                json.WriteString("value", series.Last.Text);
                break;
            case SeriesKind.Number when hasValue && double.IsFinite(series.Last.Number):
                json.WriteNumber("value", series.Last.Number);
                break;
            default:
                json.WriteNull("value");
                break;
        }
        json.WriteString("unit", series.Definition.Unit);
        json.WriteString("quality", isThere ? QualityWord.Of(series.Last.Quality) : null);
        json.WriteString("at", isThere ? SpooledTime.Format(series.Last.UnixNanoseconds) : null);
        json.WriteNumber("readings", series.Last.Count);
        json.WriteSeconds("everySeconds", series.Last.Every > TimeSpan.Zero ? series.Last.Every : null);
        json.WriteSeconds("expectedSeconds", series.Expected > TimeSpan.Zero ? series.Expected : null);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset instant) => SpooledTime.Format(UnixTime.Nanoseconds(instant));
}
