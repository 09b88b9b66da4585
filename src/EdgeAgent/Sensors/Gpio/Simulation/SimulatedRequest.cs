namespace EdgeAgent.Sensors.Gpio.Simulation;

/// <summary>Requested lines in memory, with the kernel's queue: as long, dropping its oldest where it is full, counting all.</summary>
internal sealed class SimulatedRequest : ILineRequest
{
    private readonly SimulatedGpio _gpio;
    private readonly SimulatedLine[] _lines;
    private readonly LineSettings _settings;
    private readonly LineEvent[] _queue = new LineEvent[LineSettings.LargestQueue];
    private readonly uint[] _lineSequences;
    private uint _sequence;
    private int _first;
    private int _count;
    private bool _isGone;

    public SimulatedRequest(SimulatedGpio gpio, SimulatedLine[] lines, LineSettings settings)
    {
        (_gpio, _lines, _settings, _lineSequences) = (gpio, lines, settings, new uint[lines.Length]);
        Follow();
        foreach (SimulatedLine line in lines)
        {
            line.Request = this;
        }
        if (IsOutput)
        {
            TrySet(settings.Values);
        }
    }

    public bool IsOutput => Has(LineFlags.Output);

    private bool IsActiveLow => Has(LineFlags.ActiveLow);

    /// <summary>There is something to read: edges, or that the chip went away.</summary>
    public bool IsReady => _isGone || _count > 0;

    /// <summary>When a pattern moves one of the lines next.</summary>
    public long NextEdge
    {
        get
        {
            long next = long.MaxValue;
            foreach (SimulatedLine line in _lines)
            {
                next = Math.Min(next, line.NextEdge);
            }
            return next;
        }
    }

    public void Enqueue(SimulatedLine line, long at)
    {
        LineEdge edge = line.IsHigh != IsActiveLow ? LineEdge.Rising : LineEdge.Falling;
        if (!Has(edge == LineEdge.Rising ? LineFlags.EdgeRising : LineFlags.EdgeFalling))
        {
            return;
        }
        _sequence++;
        uint lineSequence = ++_lineSequences[Array.IndexOf(_lines, line)];
        if (_count == _queue.Length)
        {
            (_first, _count) = ((_first + 1) % _queue.Length, _count - 1);
        }
        _queue[(_first + _count++) % _queue.Length] = new LineEvent(at, edge, line.Offset, _sequence, lineSequence);
    }

    /// <summary>Moves the lines to where their patterns have them now.</summary>
    public void Follow()
    {
        long now = _gpio.Nanoseconds;
        while (NextEdge is var next && next <= now)
        {
            foreach (SimulatedLine line in _lines)
            {
                if (line.NextEdge == next)
                {
                    line.FollowPattern();
                }
            }
        }
    }

    /// <summary>The chip went away.</summary>
    public void Break() => _isGone = true;

    public int Read(Span<LineEvent> events)
    {
        lock (_gpio.Gate)
        {
            if (_isGone)
            {
                return ILineRequest.Gone;
            }
            Follow();
            int read = Math.Min(events.Length, _count);
            for (int i = 0; i < read; i++)
            {
                events[i] = _queue[_first];
                (_first, _count) = ((_first + 1) % _queue.Length, _count - 1);
            }
            return read;
        }
    }

    public bool TryGet(out ulong values)
    {
        lock (_gpio.Gate)
        {
            Follow();
            values = 0;
            for (int i = 0; i < _lines.Length; i++)
            {
                values |= _lines[i].IsHigh != IsActiveLow ? 1ul << i : 0;
            }
            return !_isGone;
        }
    }

    public bool TrySet(ulong values)
    {
        lock (_gpio.Gate)
        {
            for (int i = 0; i < _lines.Length && !_isGone; i++)
            {
                _lines[i].IsHigh = ((values & (1ul << i)) != 0) != IsActiveLow;
            }
            return !_isGone;
        }
    }

    public void Dispose()
    {
        lock (_gpio.Gate)
        {
            foreach (SimulatedLine line in _lines)
            {
                line.Request = null;
            }
        }
    }

    private bool Has(LineFlags flag) => (_settings.Flags & flag) != 0;
}
