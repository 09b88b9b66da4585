namespace EdgeAgent.Sensors.Gpio;

/// <summary>What came of asking for a line. Whatever it is, asking is tried again: cables, modules and groups of users change.</summary>
internal enum LineOutcome
{
    /// <summary>The line is ours.</summary>
    Ready,

    /// <summary>No chip has that label, name or number: it is not plugged in, its module is not loaded, or the name is wrong.</summary>
    ChipAbsent,

    /// <summary>Several chips have that label. The configuration has to say which one.</summary>
    ChipAmbiguous,

    /// <summary>The chip is there and has no such line.</summary>
    LineAbsent,

    /// <summary>Several lines have that name. The configuration has to say the chip, or the line's number.</summary>
    LineAmbiguous,

    /// <summary>Somebody else has the line.</summary>
    Busy,

    /// <summary>This process may not use the chip.</summary>
    Denied,

    /// <summary>The chip cannot do what is asked for, such as a bias or edges.</summary>
    Unsupported,

    /// <summary>Anything else, a chip that went away meanwhile included.</summary>
    Failed,
}
