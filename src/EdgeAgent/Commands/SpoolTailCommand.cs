using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent spool tail</c>: the newest readings, also those that were sent already, as long as they are there.</summary>
internal static class SpoolTailCommand
{
    private const int MostReadings = 100_000;

    /// <summary>Batches close more rarely than that.</summary>
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var path = new SpoolPath();
        var count = new Option<int>("--number", "-n") { Description = "How many readings.", DefaultValueFactory = static _ => 10, HelpName = "N" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is added, until Ctrl+C." };
        var json = new Option<bool>("--json") { Description = "Print JSON, one reading a line." };
        var command = new Command("tail", "Show the newest readings. The agent may be running.") { count, follow, json };
        path.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(path.Run(parsed, (folder, _) =>
        {
            int wanted = parsed.GetValue(count);
            if (wanted is < 0 or > MostReadings)
            {
                return CommandOutcome.Fail(parsed, $"{wanted} is no number of readings. Give -n from 0 to {MostReadings}.");
            }
            var tail = new SpoolTail(folder);
            Print(parsed, tail.Newest(wanted), parsed.GetValue(json));
            while (parsed.GetValue(follow) && !cancellationToken.WaitHandle.WaitOne(FollowEvery))
            {
                Print(parsed, tail.Added(), parsed.GetValue(json));
            }
            return ExitCode.Success;
        })));
        return command;
    }

    private static void Print(ParseResult parsed, IEnumerable<SpooledReading> readings, bool asJson)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        foreach (SpooledReading reading in readings)
        {
            output.WriteLine(asJson ? ToJson(reading) : ToText(reading));
        }
        output.Flush();
    }

    private static string ToText(in SpooledReading reading)
    {
        string value = reading.HasValue ? $"{reading.Value} {reading.Series.Unit}".TrimEnd() : "-";
        string clock = reading.IsProvisional ? "  provisional time" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{SpooledTime.Format(reading.UnixNanoseconds)}  {reading.Series.Name}  {value}  {reading.QualityName}{clock}");
    }

    private static string ToJson(in SpooledReading reading)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            SpooledJsonLines.WriteTo(json, reading);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
