namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A chip of 256 registers of a byte. A write begins with a register's address; a read goes on from the address that was written last.</summary>
internal abstract class SimulatedRegisterChip : SimulatedChip
{
    private byte _pointer;

    protected byte[] Registers { get; } = new byte[256];

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        _pointer = bytes[0];
        foreach (byte value in bytes[1..])
        {
            Store(_pointer++, value);
        }
    }

    protected override void Give(Span<byte> bytes)
    {
        Refresh();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Load(_pointer++);
        }
    }

    /// <summary>What a write does; most often it just stays.</summary>
    protected virtual void Store(byte register, byte value) => Registers[register] = value;

    protected virtual byte Load(byte register) => Registers[register];

    /// <summary>Before a read: time has passed.</summary>
    protected virtual void Refresh()
    {
    }
}
