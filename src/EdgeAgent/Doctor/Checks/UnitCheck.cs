using EdgeAgent.Doctor.Surroundings;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether systemd runs the agent, starts it again, and notices when it hangs.</summary>
internal sealed class UnitCheck(ExaminedDevice device) : IDoctorCheck
{
    private const string Reinstall = "Install the package's unit, or see deploy/systemd.";

    public string Name => "unit";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        if (await device.UnitAsync().ConfigureAwait(false) is not { } unit)
        {
            return [Diagnosis.Skipped("", $"There is no systemd that answers.{(device.RunningProcess is { } process ? $" An agent runs all the same, as process {process}." : "")}")];
        }
        return unit.IsLoaded ? [.. Diagnose(unit)] : [Diagnosis.Warn("", $"{UnitSettings.Unit} is not installed: nobody starts the agent with the device.", Reinstall)];
    }

    private IEnumerable<Diagnosis> Diagnose(UnitSettings unit)
    {
        string state = $"{unit["ActiveState"]} ({unit["SubState"]})";
        yield return unit.IsActive
            ? Diagnosis.Pass("", $"{UnitSettings.Unit} is {state}, started again {Count(unit["NRestarts"])}.")
            : Diagnosis.Fail(
                "", $"{UnitSettings.Unit} is {state}; its last end was {unit["Result"]}.",
                $"systemctl start {UnitSettings.Unit}; journalctl -u {UnitSettings.Unit} -e says why it ended.");
        if (unit["UnitFileState"] is not ("enabled" or "enabled-runtime" or "static" or "generated" or ""))
        {
            yield return Diagnosis.Warn("start", $"It is {unit["UnitFileState"]}: after a power cut nobody starts it.", $"systemctl enable {UnitSettings.Unit}");
        }
        if (unit["Restart"] is not ("always" or "on-failure" or "on-abnormal"))
        {
            yield return Diagnosis.Fail("restart", $"Restart={unit["Restart"]}: an agent that ends stays away.", Reinstall);
        }
        yield return unit["WatchdogUSec"] is "" or "0" or "infinity"
            ? Diagnosis.Warn("watchdog", "There is no watchdog: an agent that hangs goes on hanging.", $"Set WatchdogSec=60. {Reinstall}")
            : Diagnosis.Pass("watchdog", $"It is restarted when it hangs for {unit["WatchdogUSec"]}.");
        if (unit["User"] is "" or "root")
        {
            yield return Diagnosis.Warn("user", "It runs as root, which it needs for nothing.", Reinstall);
        }
        if (unit["NeedDaemonReload"] == "yes")
        {
            yield return Diagnosis.Warn("files", "The unit's files were changed since systemd has read them.", "systemctl daemon-reload");
        }
        if (unit["DropInPaths"] is { Length: > 0 } paths)
        {
            yield return Diagnosis.Pass("drop-ins", $"The unit is changed by {paths}.");
        }
        if (unit.IsActive && device.RunningProcess is { } owner && unit["MainPID"] is { Length: > 1 } main && main != $"{owner}")
        {
            yield return Diagnosis.Fail(
                "process", $"The spool is held by process {owner}, and the unit's is {main}: there are two agents.", $"Stop the one that was started by hand (process {owner}).");
        }
    }

    private static string Count(string times) => times is "" or "0" ? "never" : times == "1" ? "once" : $"{times} times";
}
