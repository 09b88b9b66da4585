using System.Device.I2c;
using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Scanning;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Doctor.Checks;

/// <summary>
/// Each configured I2C bus and the chips on it: whether the bus is there, whether the agent may use it, and whether each chip answers. Chips are asked as
/// <see cref="I2cBusScan"/> asks them, which changes nothing, and only while no agent runs, which may be in the middle of a conversion.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="open">Opens a bus by its number; the kernel's where it is null.</param>
internal sealed class I2cCheck(ExaminedDevice device, Func<int, I2cBus>? open = null) : IDoctorCheck
{
    public string Name => "i2c";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        if (device.Known.I2cBuses.Count == 0)
        {
            return [Diagnosis.Skipped("", "None is configured.")];
        }
        Account? agent = await device.AgentAccountAsync().ConfigureAwait(false);
        IReadOnlyList<Diagnosis>[] all = await Task.WhenAll(device.Known.I2cBuses.Select(bus => OfBusAsync(bus, agent, cancellationToken))).ConfigureAwait(false);
        return [.. all.SelectMany(static found => found)];
    }

    private async Task<IReadOnlyList<Diagnosis>> OfBusAsync(I2cBusOptions bus, Account? agent, CancellationToken cancellationToken)
    {
        string subject = $"bus {bus.Name}";
        if (bus.Bus is { } number)
        {
            string path = device.Root.At($"/dev/i2c-{number}");
            if (!Path.Exists(path))
            {
                return [Diagnosis.Fail(subject, $"There is no {path}.", BoardHints.Of(device.Root).I2c)];
            }
            if (DeviceAccess.Problem(device, agent, subject, path) is { } denied)
            {
                return [denied];
            }
        }
        if (device.RunningProcess is not null)
        {
            return [Diagnosis.Pass(subject, "The bus is there, and the agent may use it."), Diagnosis.Skipped(subject, "Its chips were not asked, as the agent runs.", "edge-agent status tells what each of them says.")];
        }
        I2cBusScan scan = bus.Bus is { } real
            ? new I2cBusScan(bus.Name, () => (open ?? I2cBus.Create)(real), new I2cOwners(device.Root, real), device.Time)
            : new I2cBusScan(bus.Name, () => SimulatedI2cBus.Create(bus, device.Time), null, device.Time);
        ScanReport report = await scan.RunAsync(cancellationToken).ConfigureAwait(false);
        return report.Problems.Count > 0
            ? [.. report.Problems.Select(problem => OfProblem(subject, problem))]
            : [.. bus.Sensors.Select(sensor => OfChip(bus, sensor, report))];
    }

    private Diagnosis OfProblem(string subject, string problem) => device.IsRoot
        ? Diagnosis.Fail(subject, problem, "Look at the wires, pull-ups and power of the bus.")
        : Diagnosis.NeedsSudo(subject, problem);

    private static Diagnosis OfChip(I2cBusOptions bus, I2cSensorOptions sensor, ScanReport report)
    {
        string place = $"bus {bus.Name}, 0x{sensor.Address:x2}", chip = sensor.Chip.Name;
        Finding? found = report.Findings.FirstOrDefault(finding => finding.Place == place);
        return found switch
        {
            { Certainty: Certainty.Recognised } when found.Name == chip => Diagnosis.Pass(place, $"A {chip} answers."),
            { Certainty: Certainty.Recognised } => Diagnosis.Fail(place, $"A {found.Name} answers, and {chip} is configured.", $"Write \"chip\": \"{found.Name}\", or give the {chip} its own address."),
            { Certainty: Certainty.Taken } => Diagnosis.Fail(place, found.Remark, $"Read it by sections iio or hwmon instead, or take the driver away (its overlay)."),
            { Certainty: Certainty.Doubtful } => Diagnosis.Pass(place, $"Something answers, which may be the {chip}."),
            _ when sensor.Chip.Identity is { AnswersPlainReads: true } => Nobody(place, chip, report),
            // It has commands instead of registers and nothing to say to a read, or nothing that tells it from others.
            _ => Diagnosis.Warn(place, $"Nobody was recognised there. A {chip} may be silent until it is measured.", $"edge-agent read {chip}@{bus.Name}:0x{sensor.Address:x2} measures once."),
        };
    }

    private static Diagnosis Nobody(string place, string chip, ScanReport report)
    {
        string elsewhere = report.Findings.FirstOrDefault(finding => finding.Name == chip) is { } other ? $" One answers at {other.Place}." : "";
        return Diagnosis.Fail(place, $"No {chip} answers.{elsewhere}", "Look at power, ground, SDA, SCL and the address pin; edge-agent scan --only i2c shows who answers.");
    }
}
