using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>Keys <c>register</c>, <c>width</c> and <c>byteOrder</c>.</summary>
internal static class RegisterWordReader
{
    public static RegisterWord Read(ConfigSection section, int registerBytes)
    {
        ulong last = registerBytes switch { 0 => RegisterTransfer.MaximumBytes - 1, 1 => byte.MaxValue, _ => ushort.MaxValue };
        return new RegisterWord(
            (int)(section.Code("register", last, required: true) ?? 0),
            section.Integer("width", 1, 1, RegisterWord.MaximumWidth),
            section.Choice("byteOrder", false, ("big", false), ("little", true)));
    }
}
