using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Scanning;

namespace EdgeAgent.Doctor.Drills;

/// <summary>
/// What a drill has shown, by number:
/// <code>
/// { "drill", "verdict": "pass" | "fail", "rounds", "acknowledged", "lost", "duplicated", "accounted", "wrongTimes", "bytesWritten", "seconds", "notes": [ … ] }
/// </code>
/// </summary>
internal sealed record DrillReport
{
    public required DrillKind Kind { get; init; }

    /// <summary>Lives of the agent.</summary>
    public required int Rounds { get; init; }

    /// <summary>Messages that the agent has acknowledged: from then on it answers for them.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Of these, those that are neither in the spool nor in its ledger.</summary>
    public required int Lost { get; init; }

    /// <summary>Messages that are there more than once, or with another content.</summary>
    public required int Duplicated { get; init; }

    /// <summary>Readings that the spool's ledger says are gone, with number and cause.</summary>
    public required long Accounted { get; init; }

    /// <summary>Readings that do not have the time at which they were taken.</summary>
    public int WrongTimes { get; init; }

    /// <summary>What the agent has sent to storage; null where the kernel does not count.</summary>
    public required long? BytesWritten { get; init; }

    public required TimeSpan Took { get; init; }

    /// <summary>What was rehearsed how, and what was not, in whole sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public bool IsGood => Lost == 0 && Duplicated == 0 && WrongTimes == 0 && Acknowledged > 0;

    public void Print(TextWriter output)
    {
        foreach (string note in Notes)
        {
            output.WriteLine(note);
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Word}: {(IsGood ? "pass" : "FAIL")}. {(Rounds == 1 ? "1 round" : $"{Rounds} rounds")}, {Acknowledged} acknowledged, {Lost} lost, {Duplicated} duplicated, {Accounted} accounted for{Times}; "
            + $"{(BytesWritten is { } bytes ? Amount.Of(bytes) : "an unknown number of bytes")} written in {Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(Took.TotalSeconds)))}."));
    }

    public string ToJson() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("drill", Word);
        json.WriteString("verdict", IsGood ? "pass" : "fail");
        json.WriteNumber("rounds", Rounds);
        json.WriteNumber("acknowledged", Acknowledged);
        json.WriteNumber("lost", Lost);
        json.WriteNumber("duplicated", Duplicated);
        json.WriteNumber("accounted", Accounted);
        json.WriteNumber("wrongTimes", WrongTimes);
        json.WriteNumberOrNull("bytesWritten", BytesWritten);
        json.WriteNumber("seconds", Math.Round(Took.TotalSeconds, 1));
        json.WriteStartArray("notes");
        foreach (string note in Notes)
        {
            json.WriteStringValue(note);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private string Times => Kind == DrillKind.Clock ? string.Create(CultureInfo.InvariantCulture, $", {WrongTimes} with a wrong time") : "";

    private string Word => Kind.ToString().ToLowerInvariant();
}
