using System.Device.I2c;

namespace EdgeAgent.Scanning;

/// <summary>A device that is being asked: remembers the register that it was asked for last.</summary>
internal sealed class AskedDevice(I2cDevice device) : I2cDevice
{
    /// <summary>The one byte that was written last; null where none was, or more than one.</summary>
    public byte? LastRegister { get; private set; }

    public override I2cConnectionSettings ConnectionSettings => device.ConnectionSettings;

    public override void Read(Span<byte> buffer) => device.Read(buffer);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Remember(buffer);
        device.Write(buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Remember(writeBuffer);
        device.WriteRead(writeBuffer, readBuffer);
    }

    private void Remember(ReadOnlySpan<byte> written) => LastRegister = written is [byte register] ? register : null;
}
