namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>A register that must hold something: an identity, a flag.</summary>
/// <param name="Word">Where it is.</param>
/// <param name="Mask">The bits that count.</param>
/// <param name="Value">What they must be.</param>
internal sealed record RegisterMatch(RegisterWord Word, ulong Mask, ulong Value)
{
    public bool Fits(ReadOnlySpan<byte> bytes) => (Word.Read(bytes) & Mask) == Value;
}
