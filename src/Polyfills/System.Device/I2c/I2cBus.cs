namespace System.Device.I2c;

/// <summary>An I2C bus, and the devices that are open on it.</summary>
public abstract class I2cBus : IDisposable
{
    /// <summary>Opens /dev/i2c-N.</summary>
    /// <exception cref="IOException">There is no such bus, or this process may not use it.</exception>
    public static I2cBus Create(int busId) => new LinuxI2cBus(busId);

    /// <summary>Opens a device. Nothing is sent: whether one answers at the address shows with the first transfer.</summary>
    /// <exception cref="InvalidOperationException">A device is open at this address already.</exception>
    public abstract I2cDevice CreateDevice(int deviceAddress);

    /// <summary>Closes the device at the address, so that it can be opened anew.</summary>
    /// <exception cref="ArgumentException">No device is open at this address.</exception>
    public abstract void RemoveDevice(int deviceAddress);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the bus holds.</summary>
    /// <param name="disposing">False where the finalizer calls.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
