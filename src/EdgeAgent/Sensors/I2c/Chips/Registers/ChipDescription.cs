namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>A chip that is described in the configuration: what is written to it, when, and what its registers hold.</summary>
internal sealed class ChipDescription
{
    /// <summary>
    /// Bytes of a register's number. Default 1. 0: the chip has no registers; it gives an answer, and the number of a register is a place
    /// in it.
    /// </summary>
    public int RegisterBytes { get; init; } = 1;

    /// <summary>
    /// The chip counts on from the register that was asked for, a byte to each, so that registers which adjoin are read in one transfer.
    /// Default false: chips of 16-bit registers do not, and would give something else in silence.
    /// </summary>
    public bool CountsOn { get; init; }

    /// <summary>What tells it from another chip. Null: nothing.</summary>
    public RegisterMatch? Identify { get; init; }

    /// <summary>Writes that set it up, in this order.</summary>
    public IReadOnlyList<byte[]> Setup { get; init; } = [];

    /// <summary>What starts a measurement. Empty: it measures by itself.</summary>
    public byte[] Start { get; init; } = [];

    /// <summary>From the start, or from the set-up, to a value. Default 0.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>What is so when values are ready, and still as they were set up. Null: they always are.</summary>
    public RegisterMatch? Ready { get; init; }

    public RegisterChecksum Checksum { get; init; } = RegisterChecksum.None;

    public required IReadOnlyList<RegisterValue> Values { get; init; }
}
