using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Identity;
using EdgeAgent.Sensors.Mqtt.Intake;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Each port that devices publish to: whether the agent has it, or could have it, and whether its certificate is good.</summary>
internal sealed class IntakeCheck(ExaminedDevice device) : IDoctorCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public string Name => "intake";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Diagnosis>>(
        device.Known.Intakes.Count == 0 ? [Diagnosis.Skipped("", "None is configured.")] : [.. device.Known.Intakes.SelectMany(Diagnose)]);

    private IEnumerable<Diagnosis> Diagnose(MqttIntakeOptions intake)
    {
        string place = intake.EndPoint.ToString();
        yield return OfPort(place, intake, device.RunningProcess, ListeningPort.Find(device.Root, intake.EndPoint));
        if (intake.CertificateFile is { } file && StoredCertificate.Parse(File.ReadAllText(file)).Own.NotAfter is var end && device.Clock.IsKnown && end - device.Clock.UtcNow < Soon)
        {
            yield return Diagnosis.Warn(place, $"Its certificate {file} is valid until {end.ToUniversalTime():yyyy-MM-dd HH:mm} UTC.", "Put a new one there, and reload the agent.");
        }
    }

    private static Diagnosis OfPort(string place, MqttIntakeOptions intake, int? agent, ListeningPort? taken) => (agent, taken) switch
    {
        (null, null) => Diagnosis.Pass(place, "The port is free for the agent, which does not run."),
        (not null, null) when intake.EndPoint.Port == 0 => Diagnosis.Pass(place, "The running agent picks a port itself."),
        (not null, null) => Diagnosis.Fail(place, "The agent runs and does not listen there.", "journalctl -u edge-agent says why: mostly the address is not one of this device."),
        (_, { Process: null }) => Diagnosis.NeedsSudo(place, "Somebody listens there, and whether it is the agent cannot be seen."),
        ({ } running, { Process: { } process }) when process == running => Diagnosis.Pass(place, "The running agent listens there."),
        (_, { Process: { } process, Program: var program }) => Diagnosis.Fail(
            place, $"Process {process} ({program}) has the port.", $"Stop {program}, or give the intake another port."),
    };
}
