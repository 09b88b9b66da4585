namespace System.Device.I2c;

/// <summary>The requests of linux/i2c-dev.h. They are plain numbers, the same on every machine.</summary>
internal static class I2cRequests
{
    /// <summary>I2C_TIMEOUT, I2C_SLAVE, I2C_FUNCS, I2C_RDWR and I2C_SMBUS.</summary>
    public const nuint Timeout = 0x0702, Address = 0x0703, Functions = 0x0705, CombinedTransfer = 0x0707, SmbusTransfer = 0x0720;
}
