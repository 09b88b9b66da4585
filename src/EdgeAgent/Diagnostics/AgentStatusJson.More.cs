using System.Text.Json;
using EdgeAgent.Clock;
using EdgeAgent.Commands;
using EdgeAgent.Identity;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Uplink;

namespace EdgeAgent.Diagnostics;

/// <content>What came behind:
/// <code>
/// "state": "running", "device",
/// "attention": [ { "isWrong", "what", "toDo" } ],                                                                     the worst first; empty: all is well
/// "connection": { "state": "untried" | "online" | "offline", "seconds", "endpoint", "lastFailure", "lastFailureSecondsAgo" },
/// "certificate": { "until", "days", "renewal": "unenrolled" | "in_force" | "renewing" | "on_trial" | "unproven" | null },
/// "clock": { "source": "none" | "kernel" | "service" | "wall" | "configuration", "uncertaintySeconds", "wallAheadSeconds", "bootId" },
/// "liveDelaySeconds",
/// "buffer": { "folder", "maximumBytes", "bytesOnDisk", "bytesPerSecond", "fullInSeconds", "obstacle" },
/// "flash": { "spoolBytes", "payloadBytes", "processBytes", "bytesPerDay", "bytesLeftToday", "wearPercent" },
/// "sensors": [ { "name", "description", "intervalSeconds", "isPresent", "quality", "answered", "failed", "failedInARow", "answeredSecondsAgo" } ], "sensorsLeftOut",
/// "configuration": { "revision", "author", "phase", "trial": { "revision", "secondsLeft" } | null, "last": { "revision", "outcome", "errors": [ TEXT ] } | null } | null,
/// "losses": { "dropped": { CAUSE: readings }, "inLedger": { CAUSE: readings } },
/// "process": { "id", "memoryBytes", "heapBytes", "heapLimitBytes", "threads", "processorSeconds" }
/// </code></content>
internal static partial class AgentStatusJson
{
    /// <summary>Of the errors of a revision; the history has all of them.</summary>
    private const int MostErrors = 4;

    private static void WriteMore(Utf8JsonWriter json, AgentStatus status)
    {
        json.WriteString("state", "running");
        json.WriteString("device", status.Connection.Device);
        json.WriteStartArray("attention");
        foreach (Finding finding in StatusAttention.Of(status))
        {
            json.WriteStartObject();
            json.WriteBoolean("isWrong", finding.IsWrong);
            json.WriteString("what", finding.What);
            json.WriteString("toDo", finding.ToDo);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, status.Connection);
        Write(json, status.Certificate);
        Write(json, status.Clock, status.Boot);
        json.WriteSeconds("liveDelaySeconds", status.LiveDelay);
        Write(json, status.Buffer);
        Write(json, status.Flash);
        json.WriteStartArray("sensors");
        foreach (SensorStatus sensor in status.Sensors)
        {
            Write(json, sensor);
        }
        json.WriteEndArray();
        json.WriteNumber("sensorsLeftOut", status.SensorsLeftOut);
        Write(json, status.Configuration);
        Write(json, status.Losses);
        Write(json, status.Process);
    }

    private static void Write(Utf8JsonWriter json, ConnectionStatus connection)
    {
        json.WriteStartObject("connection");
        json.WriteString("state", TotalBy<LineState>.Label(connection.Line.State));
        json.WriteSeconds("seconds", connection.Line.For);
        json.WriteString("endpoint", connection.Endpoint.AbsoluteUri);
        json.WriteString("lastFailure", connection.Line.LastFailure);
        json.WriteSeconds("lastFailureSecondsAgo", connection.Line.LastFailureAgo);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CertificateStatus certificate)
    {
        json.WriteStartObject("certificate");
        json.WriteString("until", certificate.Until is { } until ? Time(until) : null);
        json.WriteNumberOrNull("days", certificate.Left is { } left ? Math.Round(left.TotalDays, 1) : null);
        json.WriteString("renewal", certificate.Renewal is { } renewal ? TotalBy<IdentityState>.Label(renewal) : null);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClockStanding clock, Guid boot)
    {
        json.WriteStartObject("clock");
        json.WriteString("source", TotalBy<ClockSource>.Label(clock.Source));
        json.WriteNumberOrNull("uncertaintySeconds", clock.Uncertainty is { } uncertainty ? Math.Round(uncertainty.TotalSeconds, 6) : null);
        json.WriteSeconds("wallAheadSeconds", clock.WallAhead);
        json.WriteString("bootId", boot);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BufferStatus buffer)
    {
        json.WriteStartObject("buffer");
        json.WriteString("folder", buffer.Folder);
        json.WriteNumber("maximumBytes", buffer.MaximumBytes);
        json.WriteNumberOrNull("bytesOnDisk", buffer.BytesOnDisk);
        json.WriteNumberOrNull("bytesPerSecond", buffer.FillPerSecond is { } rate ? Math.Round(rate, 1) : null);
        json.WriteNumberOrNull("fullInSeconds", buffer.FullIn is { } left ? Math.Round(left.TotalSeconds) : null);
        json.WriteString("obstacle", buffer.Obstacle);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FlashStatus flash)
    {
        json.WriteStartObject("flash");
        json.WriteNumber("spoolBytes", flash.SpoolBytes);
        json.WriteNumber("payloadBytes", flash.PayloadBytes);
        json.WriteNumberOrNull("processBytes", flash.ProcessBytes);
        json.WriteNumberOrNull("bytesPerDay", flash.BytesPerDay);
        json.WriteNumberOrNull("bytesLeftToday", flash.LeftToday);
        json.WriteNumberOrNull("wearPercent", flash.WearPercent);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SensorStatus sensor)
    {
        json.WriteStartObject();
        json.WriteString("name", sensor.Name);
        json.WriteString("description", sensor.Description);
        json.WriteSeconds("intervalSeconds", sensor.Interval);
        json.WriteBoolean("isPresent", sensor.IsPresent);
        json.WriteString("quality", QualityWord.Of(sensor.Tally.Quality));
        json.WriteNumber("answered", sensor.Tally.Answered);
        json.WriteNumber("failed", sensor.Tally.Failed);
        json.WriteNumber("failedInARow", sensor.Tally.FailedInARow);
        json.WriteSeconds("answeredSecondsAgo", sensor.Tally.AnsweredAgo);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ConfigurationStatus? configuration)
    {
        if (configuration is null)
        {
            json.WriteNull("configuration");
            return;
        }
        json.WriteStartObject("configuration");
        json.WriteNumber("revision", configuration.Running.Number);
        json.WriteString("author", configuration.Running.IsNone ? null : configuration.Running.Author);
        json.WriteString("phase", TotalBy<RevisionPhase>.Label(configuration.Phase));
        if (configuration.TrialLeft is { } left)
        {
            json.WriteStartObject("trial");
            json.WriteNumber("revision", configuration.Trial.Number);
            json.WriteSeconds("secondsLeft", left);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("trial");
        }
        if (configuration.Last is { } last)
        {
            json.WriteStartObject("last");
            json.WriteNumber("revision", last.Revision.Number);
            json.WriteString("outcome", TotalBy<RevisionOutcome>.Label(last.Outcome));
            json.WriteStartArray("errors");
            foreach (RevisionError error in last.Errors.Take(MostErrors))
            {
                json.WriteStringValue(error.ToString());
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("last");
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LossStatus losses)
    {
        json.WriteStartObject("losses");
        json.WriteStartObject("dropped");
        foreach ((DropCause cause, long readings) in losses.Dropped)
        {
            json.WriteNumber(TotalBy<DropCause>.Label(cause), readings);
        }
        json.WriteEndObject();
        json.WriteStartObject("inLedger");
        foreach ((Spooling.LossCause cause, ulong readings) in losses.InLedger)
        {
            json.WriteNumber(LossCauseWord.Of(cause), readings);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProcessStatus process)
    {
        json.WriteStartObject("process");
        json.WriteNumber("id", process.Id);
        json.WriteNumber("memoryBytes", process.MemoryBytes);
        json.WriteNumber("heapBytes", process.HeapBytes);
        json.WriteNumber("heapLimitBytes", process.HeapLimit);
        json.WriteNumberOrNull("threads", process.Threads);
        json.WriteSeconds("processorSeconds", process.ProcessorTime);
        json.WriteEndObject();
    }
}
