namespace System.Device.I2c;

/// <summary>What an adapter can do: I2C_FUNC_… of linux/i2c.h, those that are used.</summary>
[Flags]
internal enum I2cFunctions : uint
{
    None = 0,

    /// <summary>I2C_FUNC_I2C: combined transfers of any length.</summary>
    I2c = 0x0000_0001,

    ReadByte = 0x0002_0000,
    WriteByte = 0x0004_0000,
    ReadByteData = 0x0008_0000,
    WriteByteData = 0x0010_0000,
    ReadWordData = 0x0020_0000,
    WriteWordData = 0x0040_0000,
    ReadI2cBlock = 0x0400_0000,
    WriteI2cBlock = 0x0800_0000,
}
