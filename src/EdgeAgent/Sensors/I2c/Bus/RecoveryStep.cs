namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>What can be done about a stuck bus. Attribute <c>step</c> of <c>edge_agent.i2c.recoveries</c>.</summary>
internal enum RecoveryStep
{
    /// <summary>The file is closed, and opened anew by the next transfer.</summary>
    Reopen,

    /// <summary>Clock pulses through GPIO lines until the chip that holds the data line lets go.</summary>
    Lines,

    /// <summary>The adapter's driver is unbound and bound: its hardware is reset, and pins that were taken as GPIO lines are its own again.</summary>
    Driver,
}

/// <summary>What became of a step.</summary>
internal enum RecoveryOutcome
{
    /// <summary>It is done; whether it helped shows with the next transfer.</summary>
    Done,

    /// <summary>A chip holds the clock: only its power or its reset pin helps.</summary>
    ClockHeld,

    /// <summary>The data line is low after nine clocks: no chip lets go of it, or it is shorted.</summary>
    DataHeld,

    /// <summary>The agent's user may not do it.</summary>
    NotPermitted,

    /// <summary>There is no such line or no such driver here, or somebody else uses it.</summary>
    NotPossible,
}
