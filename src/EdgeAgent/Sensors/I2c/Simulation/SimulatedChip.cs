namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>The registers and commands of a chip, as its bus sees them. What does not answer throws as a bus does.</summary>
internal abstract class SimulatedChip
{
    /// <summary>What is wrong with the chip now.</summary>
    public SimulatedFault Fault { get; set; }

    /// <summary>The power goes and comes back at once: registers and settings are as after power-up.</summary>
    public abstract void LosePower();

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Acknowledge();
        Take(bytes);
    }

    public void Read(Span<byte> bytes)
    {
        Acknowledge();
        Give(bytes);
    }

    protected abstract void Take(ReadOnlySpan<byte> bytes);

    protected abstract void Give(Span<byte> bytes);

    /// <summary>errno of an address that nobody acknowledges: EREMOTEIO.</summary>
    protected static IOException NotAcknowledged() => new("The simulated chip does not acknowledge.", 121);

    private void Acknowledge()
    {
        if (Fault == SimulatedFault.NoAnswer)
        {
            throw NotAcknowledged();
        }
    }
}

internal enum SimulatedFault
{
    None,

    /// <summary>The wire is broken, or the chip has no power.</summary>
    NoAnswer,

    /// <summary>Bits flip on the wire: checksums do not match.</summary>
    BadChecksum,

    /// <summary>The measurement never ends.</summary>
    NotReady,

    /// <summary>Another chip sits at the address.</summary>
    WrongChip,
}
