namespace EdgeAgent.Sensors.Gpio.Simulation;

/// <summary>
/// Chips in memory that behave as the kernel's do: queues that drop their oldest edges, sequences that show it, lines that have one consumer, chips that go
/// away. Their lines follow patterns, for laptops, or a test's hand.
/// </summary>
internal sealed class SimulatedGpio(TimeProvider time) : IGpioDevices
{
    private readonly List<SimulatedGpioChip> _chips = [];

    /// <summary>Held by whoever looks at a line or moves it; pulsed when something waits to be read. A monitor, because waiting needs one.</summary>
    public object Gate { get; } = new();

    IReadOnlyList<string> IGpioDevices.Chips
    {
        get
        {
            lock (Gate)
            {
                return [.. _chips.Where(chip => chip.IsPresent).Select(chip => chip.Name)];
            }
        }
    }

    public long Nanoseconds => time.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>The one chip that lines of a configuration are on.</summary>
    public SimulatedGpioChip Chip
    {
        get
        {
            lock (Gate)
            {
                return _chips[0];
            }
        }
    }

    /// <summary>With the one chip that lines of a configuration are on.</summary>
    public static SimulatedGpio WithChip(TimeProvider time)
    {
        var gpio = new SimulatedGpio(time);
        gpio.AddChip(ChipSelector.Simulated.ToString());
        return gpio;
    }

    /// <summary>The lines of the configuration that are simulated.</summary>
    public static SimulatedGpio Of(IEnumerable<GpioLineOptions> lines, TimeProvider time)
    {
        SimulatedGpio gpio = WithChip(time);
        foreach (GpioLineOptions line in lines.Where(line => line.Pattern is not null))
        {
            gpio.Add(line);
        }
        return gpio;
    }

    /// <summary>The lines of an entry, instead of those of an earlier one that have their names.</summary>
    public void Add(GpioLineOptions line)
    {
        for (int i = 0; i < line.Address.Lines.Count; i++)
        {
            // Outputs are driven, not moved.
            LinePattern? pattern = line.Mode == GpioMode.Output ? null : line.Pattern! with { Delay = line.Pattern.Period / 4 * i };
            Chip.PutLine(line.Address.Lines[i].ToString(), pattern);
        }
    }

    public SimulatedGpioChip AddChip(string label)
    {
        lock (Gate)
        {
            var chip = new SimulatedGpioChip(this, $"gpiochip{_chips.Count}", label);
            _chips.Add(chip);
            return chip;
        }
    }

    public LineOutcome Open(string name, out IGpioChip? chip)
    {
        lock (Gate)
        {
            chip = _chips.Find(candidate => candidate.IsPresent && candidate.Name == name);
            return chip is null ? LineOutcome.ChipAbsent : LineOutcome.Ready;
        }
    }

    public ILineWait CreateWait() => new SimulatedWait(this, time);
}
