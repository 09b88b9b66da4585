namespace System.Device.I2c;

/// <summary>A device on a bus of the kernel: every call is one combined transfer.</summary>
internal sealed class LinuxI2cDevice : I2cDevice
{
    /// <summary>The first and the last address that the I2C specification leaves to devices (UM10204, table 4).</summary>
    private const int FirstAddress = 0x08, LastAddress = 0x77;

    private readonly LinuxI2cBus _bus;
    private readonly bool _ownsBus;

    public LinuxI2cDevice(LinuxI2cBus bus, int address, bool ownsBus)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(address, FirstAddress);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, LastAddress);
        _bus = bus;
        _ownsBus = ownsBus;
        ConnectionSettings = new I2cConnectionSettings(bus.BusId, address);
    }

    public override I2cConnectionSettings ConnectionSettings { get; }

    public override void Read(Span<byte> buffer) => _bus.Transfer(ConnectionSettings.DeviceAddress, default, buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => _bus.Transfer(ConnectionSettings.DeviceAddress, buffer, default);

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) =>
        _bus.Transfer(ConnectionSettings.DeviceAddress, writeBuffer, readBuffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ownsBus)
        {
            _bus.Dispose();
        }
        else if (disposing)
        {
            _bus.Forget(ConnectionSettings.DeviceAddress);
        }
        base.Dispose(disposing);
    }
}
