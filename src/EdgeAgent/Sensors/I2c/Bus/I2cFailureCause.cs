namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>Why a transfer gave nothing, or nothing that may be believed. Attribute <c>cause</c> of <c>edge_agent.i2c.failures</c>.</summary>
internal enum I2cFailureCause
{
    /// <summary>Nobody answered at the address: the chip is absent, without power, or busy with a conversion. The bus itself works.</summary>
    NoAcknowledge,

    /// <summary>The adapter gave the transfer up: a chip holds the clock or the data line.</summary>
    Timeout,

    /// <summary>Another master won the bus each time, or the wires are disturbed.</summary>
    ArbitrationLost,

    /// <summary>The bus stayed busy, a transfer did not come back from the kernel, or the bus is left alone because it is known to be stuck.</summary>
    BusStuck,

    /// <summary>The adapter says that something went wrong on the wires (EIO, EPROTO).</summary>
    BusError,

    /// <summary>There is no such bus: not enabled, i2c-dev not loaded, or its bridge unplugged.</summary>
    NoBus,

    /// <summary>The agent's user may not open the bus.</summary>
    NoPermission,

    /// <summary>A driver of the kernel has the address.</summary>
    AddressInUse,

    /// <summary>The adapter has no function for what the chip needs.</summary>
    Unsupported,

    /// <summary>The chip answered, and its checksum was wrong.</summary>
    Checksum,

    /// <summary>Another failure, or one whose errno is not told.</summary>
    Other,
}
