using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Diagnostics;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Sensors;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config history</c>: which revisions came, and what became of them.</summary>
internal static class ConfigHistoryCommand
{
    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("history", "Show which revisions came from the cloud, and what became of them.") { file, json };
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
        {
            if (!ConfigLayers.TryRead(parsed, file, out ConfigLayers? layers))
            {
                return ExitCode.Configuration;
            }
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(ToJson(layers.State));
            }
            else
            {
                Print(output, layers.State);
            }
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>What <c>--json</c> prints.</summary>
    public static string ToJson(RevisionState state) => ConfigText.Of(writer => Write(writer, state));

    private static void Print(TextWriter output, RevisionState state)
    {
        output.WriteLine($"last good  {Name(state.Good)}");
        output.WriteLine($"previous   {Name(state.Previous)}");
        output.WriteLine($"on trial   {(state.Trial.IsNone ? "none" : Name(state.Trial))}");
        foreach (RevisionEvent seen in state.Events)
        {
            output.WriteLine();
            output.WriteLine($"{Time(seen)}  revision {seen.Revision.Number} by {seen.Revision.Author}: {Word(seen.Outcome)}{(seen.IsTold ? "" : ", not reported yet")}");
            foreach (RevisionError error in seen.Errors)
            {
                output.WriteLine($"  {error}");
            }
        }
    }

    private static string Name(RevisionHeader header) => header.IsNone ? "the device's own file" : $"revision {header.Number} by {header.Author}";

    private static string Time(RevisionEvent seen) => seen.AtUnixNanoseconds == 0
        ? "time not known      " : UnixTime.Instant(seen.AtUnixNanoseconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>OnTrial becomes on_trial.</summary>
    private static string Word(RevisionOutcome outcome) => TotalBy<RevisionOutcome>.Label(outcome).Replace('_', ' ');

    private static void Write(Utf8JsonWriter json, RevisionState state)
    {
        json.WriteStartObject();
        json.WriteNumber("good", state.Good.Number);
        json.WriteNumber("previous", state.Previous.Number);
        json.WriteNumber("trial", state.Trial.Number);
        json.WriteStartArray("events");
        foreach (RevisionEvent seen in state.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("number", seen.Revision.Number);
            json.WriteString("hash", seen.Revision.Hash);
            json.WriteString("author", seen.Revision.Author);
            json.WriteString("outcome", TotalBy<RevisionOutcome>.Label(seen.Outcome));
            json.WriteNumber("atUnixNanoseconds", seen.AtUnixNanoseconds);
            json.WriteNumber("runningNumber", seen.RunningNumber);
            json.WriteBoolean("isReported", seen.IsTold);
            json.WriteStartArray("errors");
            foreach (RevisionError error in seen.Errors)
            {
                json.WriteStartObject();
                json.WriteString("pointer", error.Pointer);
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
