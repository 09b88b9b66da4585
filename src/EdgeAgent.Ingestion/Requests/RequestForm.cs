using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>A request as people write it:
/// <code>
/// { "kind": "read", "series": TEXT }            { "kind": "status" }      { "kind": "spool" }      { "kind": "logs" [, "lines": 1..1000] }
/// { "kind": "log-level", "level": WORD, "forSeconds": 1..86400 }          { "kind": "restart" }    { "kind": "output", "series": TEXT, "value": BOOL }
/// each with [ "waitSeconds": 1..86400 ], 60 where it is left out
/// </code></summary>
internal sealed record RequestForm(
    string? Kind, string? Series = null, int? Lines = null, string? Level = null, double? ForSeconds = null, bool? Value = null, double? WaitSeconds = null)
{
    public const int DefaultLines = 100;

    /// <summary>What is asked of a device that has a session is answered in seconds; a metered one comes with its next upload.</summary>
    private const double DefaultWait = 60;

    private const double Day = 24 * 60 * 60;
    private const int MostLines = 1_000;
    private const int SeriesCharacters = 256;

    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error"];

    /// <returns>Null where it can be asked; else what is wrong with it.</returns>
    public string? TryRead(out RemoteRequest request, out TimeSpan wait)
    {
        request = new RemoteRequest();
        double seconds = WaitSeconds ?? DefaultWait;
        wait = seconds is >= 1 and <= Day ? TimeSpan.FromSeconds(seconds) : default;
        if (wait == default)
        {
            return "waitSeconds is not from 1 to 86400.";
        }
        switch (Kind)
        {
            case "read":
                request.Read = new ReadSensor { Series = Series ?? "" };
                return SeriesProblem();
            case "status":
                request.Status = new ShowStatus();
                return null;
            case "spool":
                request.Spool = new ShowSpool();
                return null;
            case "logs":
                request.Log = new ShowLog { Lines = (uint)Math.Max(0, Lines ?? DefaultLines) };
                return Lines is < 1 or > MostLines ? $"lines is not from 1 to {MostLines}." : null;
            case "log-level":
                request.LogLevel = new RaiseLogLevel { Level = Level ?? "", Seconds = ForSeconds is > 0 and <= Day ? (uint)ForSeconds.Value : 0 };
                return !Levels.Contains(Level) ? $"level is none of {string.Join(", ", Levels)}." : request.LogLevel.Seconds == 0 ? "forSeconds is not from 1 to 86400." : null;
            case "restart":
                request.Restart = new RestartAgent();
                return null;
            case "output":
                request.Output = new SetOutput { Series = Series ?? "", Value = Value ?? false };
                return SeriesProblem() ?? (Value is null ? "value is missing: true or false." : null);
            default:
                return "kind is none of read, status, spool, logs, log-level, restart, output.";
        }
    }

    private string? SeriesProblem() => Series is { Length: > 0 and <= SeriesCharacters } ? null : $"series has not 1 to {SeriesCharacters} characters.";
}
