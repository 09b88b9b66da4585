using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// What a driver is given as its device: opened with the first transfer and anew after the bus was, so that a bus that is not there yet is a
/// device that does not answer. Tells the bus what became of each transfer.
/// </summary>
internal sealed class OwnedDevice(I2cWire wire, int address) : I2cDevice
{
    private I2cDevice? _device;
    private I2cBus? _bus;

    public override I2cConnectionSettings ConnectionSettings => Device.ConnectionSettings;

    private I2cDevice Device
    {
        get
        {
            I2cBus bus = wire.Open();
            if (!ReferenceEquals(_bus, bus) || _device is null)
            {
                _device = bus.CreateDevice(address);
                _bus = bus;
            }
            return _device;
        }
    }

    public override void Read(Span<byte> buffer)
    {
        try
        {
            Device.Read(buffer);
        }
        catch (Exception failure) when (wire.Failed(address, failure))
        {
            throw;
        }
        wire.Succeeded();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            Device.Write(buffer);
        }
        catch (Exception failure) when (wire.Failed(address, failure))
        {
            throw;
        }
        wire.Succeeded();
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        try
        {
            Device.WriteRead(writeBuffer, readBuffer);
        }
        catch (Exception failure) when (wire.Failed(address, failure))
        {
            throw;
        }
        wire.Succeeded();
    }
}
