using EdgeAgent.Sensors.Gpio;

namespace EdgeAgent.Scanning;

/// <summary>
/// All GPIO chips with their lines. A line is described, never requested: asking for one makes an input of what may be somebody's output. What hangs on
/// it nobody but a person knows, so that no line goes into a configuration by itself.
/// </summary>
/// <param name="devices">The chips.</param>
/// <param name="where">The folder that they are in.</param>
internal sealed class GpioScan(IGpioDevices devices, string where) : IScan
{
    public ScanKind Kind => ScanKind.Gpio;

    public Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add(where);
        foreach (string name in devices.Chips)
        {
            LineOutcome outcome = devices.Open(name, out IGpioChip? opened);
            using IGpioChip? chip = opened;
            if (chip is not null)
            {
                Describe(chip, report);
                continue;
            }
            report.Problems.Add(outcome == LineOutcome.Denied
                ? $"{name} may not be opened by this user. Members of the group gpio may."
                : $"{name} cannot be opened as a GPIO chip. Version 2 of their interface needs Linux 5.10.");
        }
        return Task.FromResult(report);
    }

    private static void Describe(IGpioChip chip, ScanReport report)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int offset = 0; offset < chip.LineCount && chip.TryDescribe(offset, out LineInfo line); offset++)
        {
            string direction = line.IsOutput ? "output" : "input";
            // A name that stands twice on the chip is refused where it is configured.
            string entry = line.Name.Length > 0 && names.Add(line.Name)
                ? JsonText.OfTexts(("line", line.Name), ("series", "…"))
                : $$"""{"chip":{{JsonText.OfText(chip.Label)}},"line":{{offset}},"series":"…"}""";
            string remark = line.IsUsed ? $"{direction}, taken by {(line.Consumer.Length > 0 ? line.Consumer : "the kernel")}" : $"{direction}, free: {entry}";
            report.Findings.Add(new Finding(
                ScanKind.Gpio, $"{chip.Name} ({chip.Label}), line {offset}", line.Name, line.IsUsed ? Certainty.Taken : Certainty.Present, remark));
        }
    }
}
