using EdgeAgent.Scanning;

namespace EdgeAgent.Commands;

/// <summary>
/// What a scan found, as a table for people or as JSON:
/// <code>
/// { "findings": [ { "kind", "place", "name", "certainty", "remark", "candidates"?: [ … ], "section"?, "entry"?: { … } } ],
///   "lookedAt": [ … ], "problems": [ … ] }
/// </code>
/// </summary>
internal static class ScanOutput
{
    /// <summary>A topic may be long: one must not push the remarks of all others off the screen.</summary>
    private const int WidestPlace = 40;

    public static void Print(TextWriter output, ScanReport report)
    {
        int place = Width(report, finding => finding.Place), name = Width(report, finding => finding.Name);
        foreach (Finding finding in report.Findings)
        {
            output.WriteLine(
                $"{Word(finding.Kind),-8}{finding.Place.PadRight(place)}  {finding.Name.PadRight(name)}  {Word(finding.Certainty),-11}{finding.Remark}");
        }
        if (report.Findings.Count == 0)
        {
            output.WriteLine("Nothing was found.");
        }
        output.WriteLine();
        output.WriteLine($"Looked at: {string.Join(", ", report.LookedAt)}.");
        report.Problems.ForEach(output.WriteLine);
    }

    public static string ToJson(ScanReport report) => JsonText.Of(
        json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("findings");
            foreach (Finding finding in report.Findings)
            {
                json.WriteStartObject();
                json.WriteString("kind", Word(finding.Kind));
                json.WriteString("place", finding.Place);
                json.WriteString("name", finding.Name);
                json.WriteString("certainty", Word(finding.Certainty));
                json.WriteString("remark", finding.Remark);
                if (finding.Candidates.Count > 0)
                {
                    WriteTexts(json, "candidates", finding.Candidates);
                }
                if (finding.Entry is { } entry)
                {
                    json.WriteString("section", entry.Section);
                    json.WritePropertyName("entry");
                    json.WriteRawValue(entry.Json);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteTexts(json, "lookedAt", report.LookedAt);
            WriteTexts(json, "problems", report.Problems);
            json.WriteEndObject();
        },
        isIndented: true);

    private static void WriteTexts(System.Text.Json.Utf8JsonWriter json, string key, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    private static int Width(ScanReport report, Func<Finding, string> column) =>
        report.Findings.Count == 0 ? 0 : Math.Min(WidestPlace, report.Findings.Max(finding => column(finding).Length));

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
