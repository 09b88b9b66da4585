namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>A chip whose registers hold one or two bytes, high byte first, behind a pointer of one byte that does not count on.</summary>
internal abstract class SimulatedWordChip : SimulatedChip
{
    /// <summary>What every register of another chip reads: no identity, no configuration that anybody writes.</summary>
    private const ushort Stranger = 0x5A5A;

    private byte _pointer;

    public override void LosePower() => _pointer = 0;

    protected sealed override void Take(ReadOnlySpan<byte> bytes)
    {
        _pointer = bytes[0];
        if (bytes.Length > 1)
        {
            Store(_pointer, (ushort)((bytes[1] << 8) | (bytes.Length > 2 ? bytes[2] : 0)));
        }
    }

    protected sealed override void Give(Span<byte> bytes)
    {
        ushort word = Fault == SimulatedFault.WrongChip ? Stranger : Load(_pointer);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i % 2 == 0 ? word >> 8 : word);
        }
    }

    /// <param name="register">The pointer.</param>
    /// <param name="word">A single byte stands above.</param>
    protected abstract void Store(byte register, ushort word);

    protected abstract ushort Load(byte register);
}
