using System.Device.I2c;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>A bus as the kernel gives it: each transfer may fail with an errno, or hang.</summary>
/// <param name="onTransfer">Called with the address before each transfer; throws what the kernel would say, or does not come back.</param>
internal sealed class FakeI2cBus(Action<int> onTransfer) : I2cBus
{
    public bool IsClosed { get; private set; }

    public static IOException Errno(int errno) => new($"errno {errno}", errno);

    public override I2cDevice CreateDevice(int deviceAddress) => new Device(this, deviceAddress);

    public override void RemoveDevice(int deviceAddress)
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing);
    }

    private void Transfer(int address)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        onTransfer(address);
    }

    private sealed class Device(FakeI2cBus bus, int address) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, address);

        public override void Read(Span<byte> buffer) => bus.Transfer(address);

        public override void Write(ReadOnlySpan<byte> buffer) => bus.Transfer(address);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => bus.Transfer(address);
    }
}
