using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent spool stat</c>: what is in the buffer, and how long it will last.</summary>
internal static class SpoolStatCommand
{
    public static Command Create()
    {
        var path = new SpoolPath();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("stat", "Show what is in the buffer. The agent may be running.") { json };
        path.AddTo(command);
        command.SetAction(parsed => path.Run(parsed, (folder, options) =>
        {
            using SpoolView view = SpoolView.Open(folder);
            Dictionary<SpoolLane, SpoolTimes> times = SpoolLanes.All.ToDictionary(static lane => lane, lane => SpoolTimes.Read(view, lane));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(ToJson(view, options, times));
            }
            else
            {
                Print(output, view, options, times);
            }
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>What <c>--json</c> prints, of a folder.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ToJson(string folder, SpoolOptions? options)
    {
        using SpoolView view = SpoolView.Open(folder);
        return ToJson(view, options, SpoolLanes.All.ToDictionary(static lane => lane, lane => SpoolTimes.Read(view, lane)));
    }

    private static void Print(TextWriter output, SpoolView view, SpoolOptions? options, Dictionary<SpoolLane, SpoolTimes> times)
    {
        output.WriteLine($"Spool {view.Id} in {view.Path}");
        output.WriteLine($"Found: {view.Recovery}");
        if (view.Recovery.MemoryLost)
        {
            output.WriteLine("The agent keeps readings in memory while the cloud takes them (durability offline-only). They are not seen from here.");
        }
        output.WriteLine();
        Row(output, "", static lane => SpoolLanes.NameOf(lane));
        Row(output, "released through", lane => Number(view[lane].Released));
        Row(output, "committed through", lane => Number(view[lane].Committed));
        Row(output, "readings to send", lane => Number(view[lane].Readings));
        Row(output, "bytes to send", lane => Number(view[lane].BacklogBytes));
        Row(output, "oldest reading", lane => Time(times[lane].Oldest));
        Row(output, "newest reading", lane => Time(times[lane].Newest));
        Row(output, "segments", lane => Number(view[lane].Segments));
        foreach (LossCause cause in Causes(view))
        {
            Row(output, $"lost, {LossCauseWord.Of(cause)}", lane => Number(Lost(view[lane], cause)));
        }
        output.WriteLine();
        string cap = options is null ? "" : string.Create(CultureInfo.InvariantCulture, $" of {options.MaximumBytes} ({100d * view.FilesBytes / options.MaximumBytes:f0} %)");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"On disk: {view.FilesBytes} bytes{cap} in {view.Files} files, {view.Spares} of them spare, {view.Quarantined.Count} in quarantine."));
        output.WriteLine(SpoolForecast.Of(view, options, times) is { } forecast
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Full in {Duration.Rough(forecast.TimeToFull)} if nothing is sent, at {forecast.BytesPerSecond:f1} bytes a second: the bytes to send, divided by the time between the oldest and the newest reading.")
            : options is null ? "Time to full: not known without the configuration (--config), which has the cap."
            : "Time to full: not known, as the readings to send cover less than a minute.");
        output.WriteLine("Write amplification: not kept on disk; the metrics of the running agent have it.");
    }

    private static string ToJson(SpoolView view, SpoolOptions? options, Dictionary<SpoolLane, SpoolTimes> times)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("spoolId", view.Id);
            json.WriteString("path", view.Path);
            json.WriteString("found", view.Recovery.ToString());
            json.WriteStartObject("lanes");
            foreach (SpoolLane lane in SpoolLanes.All)
            {
                WriteLane(json, view[lane], times[lane]);
            }
            json.WriteEndObject();
            json.WriteNumber("bytesOnDisk", view.FilesBytes);
            json.WriteNumberOrNull("maximumBytes", options?.MaximumBytes);
            json.WriteNumber("files", view.Files);
            json.WriteNumber("spares", view.Spares);
            json.WriteNumber("quarantined", view.Quarantined.Count);
            SpoolForecast? forecast = SpoolForecast.Of(view, options, times);
            json.WriteNumberOrNull("bytesPerSecond", forecast?.BytesPerSecond);
            json.WriteNumberOrNull("secondsToFull", forecast?.TimeToFull.TotalSeconds);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteLane(Utf8JsonWriter json, SpoolLaneView lane, SpoolTimes times)
    {
        json.WriteStartObject(SpoolLanes.NameOf(lane.Lane));
        json.WriteNumber("released", lane.Released);
        json.WriteNumber("committed", lane.Committed);
        json.WriteNumber("readings", lane.Readings);
        json.WriteNumber("bytes", lane.BacklogBytes);
        json.WriteNumber("segments", lane.Segments);
        json.WriteString("oldest", times.Oldest is { } oldest ? SpooledTime.Format(oldest) : null);
        json.WriteString("newest", times.Newest is { } newest ? SpooledTime.Format(newest) : null);
        json.WriteStartObject("lost");
        foreach (IGrouping<LossCause, SpoolGap> cause in lane.Losses.GroupBy(static loss => loss.Cause))
        {
            json.WriteNumber(LossCauseWord.Of(cause.Key), cause.Aggregate(0UL, static (sum, loss) => sum + loss.Items));
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Row(TextWriter output, string name, Func<SpoolLane, string> cell) =>
        output.WriteLine(SpoolLanes.All.Aggregate($"{name,-20}", (row, lane) => row + $"{cell(lane),32}"));

    private static IEnumerable<LossCause> Causes(SpoolView view) =>
        SpoolLanes.All.SelectMany(lane => view[lane].Losses).Select(static loss => loss.Cause).Distinct().Order();

    private static ulong Lost(SpoolLaneView lane, LossCause cause) =>
        lane.Losses.Where(loss => loss.Cause == cause).Aggregate(0UL, static (sum, loss) => sum + loss.Items);

    private static string Time(long? time) => time is { } known ? SpooledTime.Format(known) : "-";

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
