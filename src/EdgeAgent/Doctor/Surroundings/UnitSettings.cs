using System.Globalization;

namespace EdgeAgent.Doctor.Surroundings;

/// <summary>The agent's unit as systemd sees it: what <c>systemctl show</c> prints, <c>KEY=VALUE</c> a line.</summary>
internal sealed class UnitSettings
{
    public const string Unit = "edge-agent.service";

    private static readonly string[] Asked =
    [
        "LoadState", "ActiveState", "SubState", "UnitFileState", "Type", "User", "SupplementaryGroups", "Restart", "WatchdogUSec", "NRestarts", "Result", "MainPID",
        "MemoryMax", "Environment", "DropInPaths", "NeedDaemonReload", "ControlGroup", "TimeoutStopUSec", "LimitNOFILE",
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private UnitSettings(string output)
    {
        foreach (string line in output.Split('\n'))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                _values[line[..at]] = line[(at + 1)..].Trim();
            }
        }
    }

    /// <summary>It is installed.</summary>
    public bool IsLoaded => this["LoadState"] == "loaded";

    public bool IsActive => this["ActiveState"] is "active" or "reloading";

    /// <summary>Empty where systemd does not say.</summary>
    public string this[string key] => _values.GetValueOrDefault(key, "");

    /// <summary>Bytes; null where there is no limit.</summary>
    public long? MemoryMaximum => long.TryParse(this["MemoryMax"], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;

    /// <summary>Of the unit's environment: <c>NAME=VALUE NAME=VALUE …</c>.</summary>
    public string? Variable(string name) =>
        this["Environment"].Split(' ').FirstOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <returns>Null where there is no systemd, or it does not answer.</returns>
    public static async Task<UnitSettings?> ReadAsync(ProgramOutput programs, CancellationToken cancellationToken) =>
        await programs("systemctl", ["show", Unit, $"--property={string.Join(',', Asked)}"], cancellationToken).ConfigureAwait(false) is { } output
            ? new UnitSettings(output)
            : null;
}
