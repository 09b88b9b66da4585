namespace System.Device.I2c;

/// <summary>
/// The channel to one device on a bus. Every transfer that the device does not acknowledge, or that the bus cannot carry
/// out, throws an <see cref="IOException"/>.
/// </summary>
public abstract class I2cDevice : IDisposable
{
    /// <summary>Where this device is.</summary>
    public abstract I2cConnectionSettings ConnectionSettings { get; }

    /// <summary>Opens the bus for this one device; it is closed with the device.</summary>
    /// <exception cref="IOException">The bus cannot be opened.</exception>
    public static I2cDevice Create(I2cConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new LinuxI2cDevice(new LinuxI2cBus(settings.BusId), settings.DeviceAddress, ownsBus: true);
    }

    /// <summary>Reads one byte.</summary>
    public virtual byte ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        Read(one);
        return one[0];
    }

    /// <summary>Reads as many bytes as the buffer has, in one transfer.</summary>
    public abstract void Read(Span<byte> buffer);

    /// <summary>Writes one byte.</summary>
    public virtual void WriteByte(byte value) => Write([value]);

    /// <summary>Writes all bytes in one transfer.</summary>
    public abstract void Write(ReadOnlySpan<byte> buffer);

    /// <summary>Writes, then reads after a repeated start, so that no other master comes between.</summary>
    public abstract void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the device holds.</summary>
    /// <param name="disposing">False where the finalizer calls.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
