using EdgeAgent.Scanning;

namespace EdgeAgent.Doctor;

/// <summary>
/// A report as a table for people, or as JSON:
/// <code>
/// { "version", "verdict": WORST, "checks": [ { "check", "verdict", "subject", "seen", "remedy" } ] }     verdict := "pass" | "warn" | "fail" | "skipped"
/// </code>
/// </summary>
internal static class DoctorOutput
{
    /// <summary>Columns before the sentence: the verdict's and the check's.</summary>
    private const int VerdictWidth = 8, CheckWidth = 14;

    private const string Reset = "\e[0m";

    /// <summary>The worst of all: a check that was skipped is no worse than one that passed.</summary>
    public static Verdict Worst(IEnumerable<CheckReport> reports)
    {
        HashSet<Verdict> all = [.. reports.SelectMany(report => report.Diagnoses).Select(diagnosis => diagnosis.Verdict)];
        return all.Contains(Verdict.Fail) ? Verdict.Fail : all.Contains(Verdict.Warn) ? Verdict.Warn : Verdict.Pass;
    }

    /// <param name="output">Where to.</param>
    /// <param name="reports">What was found.</param>
    /// <param name="isColoured">For a terminal.</param>
    public static void Print(TextWriter output, IReadOnlyList<CheckReport> reports, bool isColoured)
    {
        foreach (CheckReport report in reports)
        {
            foreach (Diagnosis diagnosis in report.Diagnoses)
            {
                string verdict = Word(diagnosis.Verdict).PadRight(VerdictWidth);
                string subject = diagnosis.Subject.Length > 0 ? $"{diagnosis.Subject}: " : "";
                output.WriteLine($"{(isColoured ? $"{Colour(diagnosis.Verdict)}{verdict}{Reset}" : verdict)}{report.Check.PadRight(CheckWidth)}{subject}{diagnosis.Seen}");
                if (diagnosis.Remedy.Length > 0)
                {
                    output.WriteLine($"{new string(' ', VerdictWidth + CheckWidth)}→ {diagnosis.Remedy}");
                }
            }
        }
        output.WriteLine();
        output.WriteLine(string.Join(", ", reports.SelectMany(report => report.Diagnoses).GroupBy(diagnosis => diagnosis.Verdict).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {Word(group.Key)}")) + ".");
    }

    public static string ToJson(IReadOnlyList<CheckReport> reports, string version) => JsonText.Of(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("version", version);
            json.WriteString("verdict", Word(Worst(reports)));
            json.WriteStartArray("checks");
            foreach (CheckReport report in reports)
            {
                foreach (Diagnosis diagnosis in report.Diagnoses)
                {
                    json.WriteStartObject();
                    json.WriteString("check", report.Check);
                    json.WriteString("verdict", Word(diagnosis.Verdict));
                    json.WriteString("subject", diagnosis.Subject);
                    json.WriteString("seen", diagnosis.Seen);
                    json.WriteString("remedy", diagnosis.Remedy);
                    json.WriteEndObject();
                }
            }
            json.WriteEndArray();
            json.WriteEndObject();
        },
        isIndented: true);

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>ECMA-48, "select graphic rendition": green, yellow, red, grey.</summary>
    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "\e[32m",
        Verdict.Warn => "\e[33m",
        Verdict.Fail => "\e[31m",
        _ => "\e[90m",
    };
}
