namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>One to eight bytes that stand together and are one number.</summary>
/// <param name="Register">Where the first of them is.</param>
/// <param name="Width">How many.</param>
/// <param name="IsLittleEndian">The first is the lowest. Otherwise the highest, as most chips have it.</param>
internal readonly record struct RegisterWord(int Register, int Width, bool IsLittleEndian)
{
    public const int MaximumWidth = 8;

    /// <param name="bytes">As many as the width.</param>
    public ulong Read(ReadOnlySpan<byte> bytes)
    {
        ulong word = 0;
        for (int i = 0; i < Width; i++)
        {
            word = (word << 8) | bytes[IsLittleEndian ? Width - 1 - i : i];
        }
        return word;
    }
}
