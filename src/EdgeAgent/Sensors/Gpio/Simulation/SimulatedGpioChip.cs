namespace EdgeAgent.Sensors.Gpio.Simulation;

/// <summary>One chip in memory.</summary>
internal sealed class SimulatedGpioChip(SimulatedGpio gpio, string name, string label) : IGpioChip
{
    private readonly List<SimulatedLine> _lines = [];
    private bool _isPresent = true;

    public string Name => name;

    public string Label => label;

    public int LineCount => _lines.Count;

    /// <summary>False: its cable is pulled. Requests of its lines are gone, also once it is back.</summary>
    public bool IsPresent
    {
        get => _isPresent;
        set
        {
            lock (gpio.Gate)
            {
                _isPresent = value;
                foreach (SimulatedLine line in _lines)
                {
                    line.Request?.Break();
                }
                Monitor.PulseAll(gpio.Gate);
            }
        }
    }

    /// <summary>False: an expander whose interrupt is not wired.</summary>
    public bool HasInterrupts { get; set; } = true;

    /// <summary>The lines that somebody has requested.</summary>
    public IReadOnlyList<string> Requested
    {
        get
        {
            lock (gpio.Gate)
            {
                return [.. _lines.Where(line => line.Request is not null).Select(line => line.Name)];
            }
        }
    }

    public SimulatedLine this[string lineName]
    {
        get
        {
            lock (gpio.Gate)
            {
                return _lines.First(line => line.Name == lineName);
            }
        }
    }

    public SimulatedLine AddLine(string lineName, LinePattern? pattern = null)
    {
        lock (gpio.Gate)
        {
            var line = new SimulatedLine(gpio, lineName, (uint)_lines.Count, pattern);
            _lines.Add(line);
            return line;
        }
    }

    /// <summary>A line instead of the one of that name that nobody has requested; where there is none, one more.</summary>
    public void PutLine(string lineName, LinePattern? pattern)
    {
        lock (gpio.Gate)
        {
            int place = _lines.FindIndex(line => line.Name == lineName && line.Request is null);
            if (place < 0)
            {
                AddLine(lineName, pattern);
            }
            else
            {
                _lines[place] = new SimulatedLine(gpio, lineName, (uint)place, pattern);
            }
        }
    }

    public bool TryDescribe(int offset, out LineInfo info)
    {
        lock (gpio.Gate)
        {
            string consumer = _lines[offset].Request is null ? _lines[offset].Consumer : LineSettings.Consumer;
            info = new LineInfo(_lines[offset].Name, consumer, consumer.Length > 0, _lines[offset].Request is { IsOutput: true });
            return IsPresent;
        }
    }

    public LineOutcome Request(LineSettings settings, out ILineRequest? request)
    {
        lock (gpio.Gate)
        {
            request = null;
            SimulatedLine[] lines = [.. settings.Offsets.Select(offset => _lines[offset])];
            if (!IsPresent || lines.Any(line => line.Request is not null || line.Consumer.Length > 0))
            {
                return IsPresent ? LineOutcome.Busy : LineOutcome.Failed;
            }
            if (!HasInterrupts && (settings.Flags & (LineFlags.EdgeRising | LineFlags.EdgeFalling)) != 0)
            {
                return LineOutcome.Unsupported;
            }
            request = new SimulatedRequest(gpio, lines, settings);
            return LineOutcome.Ready;
        }
    }

    public void Dispose()
    {
        // A chip is closed; its lines stay requested.
    }
}
