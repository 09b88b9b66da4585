using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent spool verify</c>: reads everything; exit code 0 where all of it is sound, 1 where something was found.</summary>
internal static class SpoolVerifyCommand
{
    public static Command Create()
    {
        var path = new SpoolPath();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("verify", "Read everything and name what is damaged; exit with 1 where something is. The agent may be running.") { json };
        path.AddTo(command);
        command.SetAction(parsed => path.Run(parsed, (folder, _) =>
        {
            var check = new SpoolCheck(folder);
            var undecodable = new List<SpoolFinding>();
            var readings = new SpooledReadings(static _ => { });
            IReadOnlyList<SpoolFinding> damaged = check.Run((lane, file, offset, in record) =>
            {
                if (!readings.TryRead(lane, record, out string problem))
                {
                    undecodable.Add(new SpoolFinding(
                        file, offset,
                        string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} is whole and cannot be decoded ({problem})"),
                        string.Create(CultureInfo.InvariantCulture, $"its {record.Items} readings, once the cloud refuses it"),
                        "Export it with --format portable and send that to whoever maintains the agent."));
                }
            });
            List<SpoolFinding> findings = [.. damaged, .. undecodable];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(ToJson(check, findings));
            }
            else
            {
                Print(output, check, findings);
            }
            return findings.Count == 0 ? ExitCode.Success : ExitCode.Failure;
        }));
        return command;
    }

    private static void Print(TextWriter output, SpoolCheck check, List<SpoolFinding> findings)
    {
        foreach (SpoolFinding finding in findings)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{finding.File} at byte {finding.Offset}: {finding.What}. Lost: {finding.Cost}. {finding.Remedy}"));
        }
        string read = string.Create(CultureInfo.InvariantCulture, $"{check.Segments} segments with {check.Records} sound records were read");
        output.WriteLine(findings.Count == 0
            ? $"Sound: {read}."
            : string.Create(CultureInfo.InvariantCulture, $"{findings.Count} findings; {read}."));
    }

    private static string ToJson(SpoolCheck check, List<SpoolFinding> findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("sound", findings.Count == 0);
            json.WriteNumber("segments", check.Segments);
            json.WriteNumber("records", check.Records);
            json.WriteStartArray("findings");
            foreach (SpoolFinding finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("file", finding.File);
                json.WriteNumber("offset", finding.Offset);
                json.WriteString("what", finding.What);
                json.WriteString("cost", finding.Cost);
                json.WriteString("remedy", finding.Remedy);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
