namespace System.Device.I2c;

/// <summary>
/// One open /dev/i2c-N: the calls of linux/i2c-dev.h and nothing else, so that a test can be the kernel. Each returns 0, or the errno
/// of its failure.
/// </summary>
internal interface ILinuxI2c : IDisposable
{
    /// <summary>I2C_FUNCS: what the adapter can do.</summary>
    int GetFunctions(out I2cFunctions functions);

    /// <summary>I2C_TIMEOUT: how long the adapter's driver waits for a transfer, in units of 10 ms. Holds for all users of the adapter.</summary>
    int SetTimeout(int tensOfMilliseconds);

    /// <summary>I2C_SLAVE: whom <see cref="Transfer(ref SmbusTransfer)"/> speaks to. EBUSY where a driver of the kernel has the address.</summary>
    int SetAddress(int address);

    /// <summary>I2C_RDWR: a combined transfer.</summary>
    int Transfer(ref I2cTransfer transfer);

    /// <summary>I2C_SMBUS: one of the transfers that SMBus knows.</summary>
    int Transfer(ref SmbusTransfer transfer);
}
