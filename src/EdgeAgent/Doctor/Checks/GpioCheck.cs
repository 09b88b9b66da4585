using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.Gpio.Simulation;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Each configured GPIO line: whether its chip has it, and whether it is free or the agent's. Lines are described, never requested.</summary>
/// <param name="device">The device.</param>
/// <param name="devices">The chips; the kernel's where it is null.</param>
internal sealed class GpioCheck(ExaminedDevice device, IGpioDevices? devices = null) : IDoctorCheck
{
    public string Name => "gpio";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        if (device.Known.GpioLines.Count == 0)
        {
            return [Diagnosis.Skipped("", "None is configured.")];
        }
        Account? agent = await device.AgentAccountAsync().ConfigureAwait(false);
        IGpioDevices kernel = devices ?? new KernelGpio(device.Root);
        var simulated = new Lazy<IGpioDevices>(() => SimulatedGpio.Of(device.Known.GpioLines, device.Time));
        return [.. OfChips(kernel, agent), .. device.Known.GpioLines.Select(line => OfLine(line.Pattern is null ? kernel : simulated.Value, line.Address))];
    }

    private IEnumerable<Diagnosis> OfChips(IGpioDevices kernel, Account? agent) =>
        device.Known.GpioLines.All(line => line.Pattern is not null) ? []
            : kernel.Chips.Select(chip => DeviceAccess.Problem(device, agent, chip, device.Root.At($"/dev/{chip}"))).OfType<Diagnosis>();

    private Diagnosis OfLine(IGpioDevices chips, LineAddress address)
    {
        string subject = address.ToString();
        LineOutcome outcome = LineFinder.Find(chips, address, out IGpioChip? found, out IReadOnlyList<int> offsets);
        using IGpioChip? chip = found;
        if (chip is null)
        {
            return outcome switch
            {
                LineOutcome.Denied when !device.IsRoot => Diagnosis.NeedsSudo(subject, "Its chip may not be opened by this user."),
                LineOutcome.ChipAbsent => Diagnosis.Fail(subject, "There is no such chip.", "edge-agent scan --only gpio lists chips and lines; correct \"chip\", or load its module."),
                LineOutcome.LineAbsent => Diagnosis.Fail(subject, "The chip has no such line.", "edge-agent scan --only gpio lists them; correct \"line\"."),
                LineOutcome.ChipAmbiguous or LineOutcome.LineAmbiguous => Diagnosis.Fail(subject, "Several fit.", "Name the chip by its label and the line by its number."),
                _ => Diagnosis.Fail(subject, $"It cannot be looked at: {outcome}.", "Look at the kernel's log: dmesg."),
            };
        }
        foreach (int offset in offsets)
        {
            if (!chip.TryDescribe(offset, out LineInfo line))
            {
                return Diagnosis.Fail(subject, "The chip went away.", "Look at its cable and the kernel's log.");
            }
            if (line.IsUsed && line.Consumer != LineSettings.Consumer)
            {
                return Diagnosis.Fail(subject, $"Line {offset} of {chip.Label} is taken by {(line.Consumer.Length > 0 ? line.Consumer : "the kernel")}.", "Take it from there (an overlay, another program), or use another line.");
            }
        }
        return Diagnosis.Pass(subject, $"It is there, on {chip.Label}.");
    }
}
