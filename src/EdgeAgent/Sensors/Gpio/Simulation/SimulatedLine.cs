namespace EdgeAgent.Sensors.Gpio.Simulation;

/// <summary>One line in memory. Moved by its pattern, by a test, or, as an output, by who requested it.</summary>
internal sealed class SimulatedLine(SimulatedGpio gpio, string name, uint offset, LinePattern? pattern)
{
    private long _movedUntil = gpio.Nanoseconds;

    public string Name => name;

    public uint Offset => offset;

    /// <summary>Another program that has it; empty where nobody does.</summary>
    public string Consumer { get; set; } = "";

    /// <summary>The voltage.</summary>
    public bool IsHigh { get; set; }

    public SimulatedRequest? Request { get; set; }

    /// <summary>When its pattern moves it next; never without a pattern.</summary>
    public long NextEdge => pattern?.NextEdge(_movedUntil).At ?? long.MaxValue;

    /// <summary>Moves the line now, as a wire would.</summary>
    public void Drive(bool isHigh)
    {
        lock (gpio.Gate)
        {
            Move(isHigh, gpio.Nanoseconds);
            Monitor.PulseAll(gpio.Gate);
        }
    }

    /// <summary>One step of the pattern.</summary>
    public void FollowPattern()
    {
        (long at, bool isHigh) = pattern!.NextEdge(_movedUntil);
        _movedUntil = at;
        Move(isHigh, at);
    }

    private void Move(bool isHigh, long at)
    {
        if (IsHigh != isHigh)
        {
            IsHigh = isHigh;
            Request?.Enqueue(this, at);
        }
    }
}
