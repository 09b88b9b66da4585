namespace System.Device.I2c;

/// <summary>Where a device is: a bus, and an address on it.</summary>
/// <param name="busId">The number N of /dev/i2c-N.</param>
/// <param name="deviceAddress">The 7-bit address, without the read/write bit.</param>
public sealed class I2cConnectionSettings(int busId, int deviceAddress)
{
    /// <summary>The number N of /dev/i2c-N.</summary>
    public int BusId { get; } = busId;

    /// <summary>The 7-bit address, without the read/write bit.</summary>
    public int DeviceAddress { get; } = deviceAddress;
}
