using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Scanning;
using EdgeAgent.Sensors;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Diagnostics;

/// <summary>A status as JSON:
/// <code>
/// { "version", "runningSeconds", "time": { "now", "isKnown" },
///   "uplink": { "isStalled", "fruitlessConnections", "acknowledgedSecondsAgo", "connections", "connectFailures", "certificateUntil" },
///   "lanes": { LANE: { "state", "bytes", "oldestSeconds", "released", "committed" } }, "backlogEmptyInSeconds", "spool": "sound" | "full" | "broken" | null,
///   "traffic": { "day": PERIOD, "month": PERIOD, "live": TEXT, "backlog": TEXT },      PERIOD := { "bytes", "limit", "text" }
///   "flashBytesLeftToday", "readings": { "read", "suppressed", "batched", "acknowledged", "dropped", "evicted", "thinned" }, "logLevel",
///   "series": [ { "name", "value", "unit", "quality", "at", "readings", "everySeconds", "expectedSeconds" } ], "seriesLeftOut" }
/// </code>
/// What is not known is null. Values are as sources gave them, before any rule.</summary>
internal static class AgentStatusJson
{
    public static string Of(AgentStatus status) => JsonText.Of(json => Write(json, status));

    private static void Write(Utf8JsonWriter json, AgentStatus status)
    {
        json.WriteStartObject();
        json.WriteString("version", status.Version);
        json.WriteNumber("runningSeconds", Seconds(status.Running));
        json.WriteStartObject("time");
        json.WriteString("now", Time(status.Now));
        json.WriteBoolean("isKnown", status.IsTimeKnown);
        json.WriteEndObject();
        WriteUplink(json, status);
        json.WriteStartObject("lanes");
        foreach (LaneStatus lane in status.Lanes)
        {
            json.WriteStartObject(SpoolLanes.NameOf(lane.Lane));
            json.WriteString("state", lane.State);
            json.WriteNumber("bytes", lane.Bytes);
            json.WriteNumber("oldestSeconds", Seconds(lane.Oldest));
            json.WriteNumber("released", lane.Released);
            json.WriteNumber("committed", lane.Committed);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        WriteNumber(json, "backlogEmptyInSeconds", status.BacklogEmptyIn is { } left ? Seconds(left) : null);
        json.WriteString("spool", status.Spool?.ToString().ToLowerInvariant());
        WriteTraffic(json, status.Traffic);
        WriteNumber(json, "flashBytesLeftToday", status.FlashLeft);
        WriteReadings(json, status.Readings);
        json.WriteString("logLevel", status.LogLevel.ToString().ToLowerInvariant());
        json.WriteStartArray("series");
        foreach (SeriesStatus series in status.Series)
        {
            Write(json, series);
        }
        json.WriteEndArray();
        json.WriteNumber("seriesLeftOut", status.SeriesLeftOut);
        json.WriteEndObject();
    }

    private static void WriteUplink(Utf8JsonWriter json, AgentStatus status)
    {
        json.WriteStartObject("uplink");
        json.WriteBoolean("isStalled", status.Uplink.IsStalled);
        json.WriteNumber("fruitlessConnections", status.Uplink.FruitlessConnections);
        WriteNumber(json, "acknowledgedSecondsAgo", status.Uplink.SinceAcknowledged is { } since ? Seconds(since) : null);
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
            WriteNumber(json, "limit", period.Limit);
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
        WriteNumber(json, "everySeconds", series.Last.Every > TimeSpan.Zero ? Seconds(series.Last.Every) : null);
        WriteNumber(json, "expectedSeconds", series.Expected > TimeSpan.Zero ? Seconds(series.Expected) : null);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Milliseconds are enough for people.</summary>
    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private static string Time(DateTimeOffset instant) => SpooledTime.Format(UnixTime.Nanoseconds(instant));
}
