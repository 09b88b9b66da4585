namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// Finds lines by label and name. Looked for anew each time: numbers of chips shift with kernels, boards and the order in which modules are loaded.
/// </summary>
internal static class LineFinder
{
    /// <param name="devices">The chips.</param>
    /// <param name="address">What the configuration says.</param>
    /// <param name="chip">The caller disposes of it; null where there is none.</param>
    /// <param name="offsets">In the order of the address.</param>
    public static LineOutcome Find(IGpioDevices devices, LineAddress address, out IGpioChip? chip, out IReadOnlyList<int> offsets)
    {
        (chip, offsets) = (null, []);
        List<IGpioChip> selected = Open(devices, address.Chip, out LineOutcome missing);
        try
        {
            if (address.Chip is not null && selected.Count > 1)
            {
                return LineOutcome.ChipAmbiguous;
            }
            foreach (IGpioChip candidate in selected)
            {
                LineOutcome found = FindOn(candidate, address.Lines, out IReadOnlyList<int> there);
                if (found == LineOutcome.LineAmbiguous || (found == LineOutcome.Ready && chip is not null))
                {
                    chip = null;
                    return LineOutcome.LineAmbiguous;
                }
                if (found == LineOutcome.Ready)
                {
                    (chip, offsets) = (candidate, there);
                }
                missing = found;
            }
            return chip is null ? missing : LineOutcome.Ready;
        }
        finally
        {
            foreach (IGpioChip candidate in selected)
            {
                if (candidate != chip)
                {
                    candidate.Dispose();
                }
            }
        }
    }

    /// <param name="devices">The chips.</param>
    /// <param name="selector">Which of them; null: all.</param>
    /// <param name="missing">Why there may be none: one that may not be opened may have been the one.</param>
    private static List<IGpioChip> Open(IGpioDevices devices, ChipSelector? selector, out LineOutcome missing)
    {
        missing = LineOutcome.ChipAbsent;
        var selected = new List<IGpioChip>();
        foreach (string name in devices.Chips)
        {
            LineOutcome outcome = devices.Open(name, out IGpioChip? chip);
            if (outcome == LineOutcome.Denied)
            {
                missing = outcome;
            }
            if (chip is null)
            {
                continue;
            }
            if (selector is { } wanted && !wanted.Selects(chip))
            {
                chip.Dispose();
                continue;
            }
            selected.Add(chip);
        }
        return selected;
    }

    private static LineOutcome FindOn(IGpioChip chip, IReadOnlyList<LineSelector> lines, out IReadOnlyList<int> offsets)
    {
        int[] found = new int[lines.Count];
        Array.Fill(found, -1);
        offsets = found;
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Name is null && lines[i].Offset < chip.LineCount)
            {
                found[i] = lines[i].Offset;
            }
        }
        for (int offset = 0; offset < chip.LineCount && lines.Any(line => line.Name is not null); offset++)
        {
            if (!chip.TryDescribe(offset, out LineInfo info))
            {
                return LineOutcome.ChipAbsent;
            }
            for (int i = 0; i < lines.Count; i++)
            {
                if (lines[i].Name is { } name && name == info.Name)
                {
                    if (found[i] >= 0)
                    {
                        return LineOutcome.LineAmbiguous;
                    }
                    found[i] = offset;
                }
            }
        }
        return found.Contains(-1) ? LineOutcome.LineAbsent : LineOutcome.Ready;
    }
}
