using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.Device.I2c;

/// <summary>A bus of the kernel's i2c-dev driver (Documentation/i2c/dev-interface.rst).</summary>
internal sealed class LinuxI2cBus : I2cBus
{
    /// <summary>ENXIO and EREMOTEIO: what adapters report where no device acknowledges the address.</summary>
    private const int NoSuchAddress = 6, RemoteError = 121;

    private readonly int _busId;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<int, LinuxI2cDevice> _devices = [];

    public LinuxI2cBus(int busId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(busId);
        _busId = busId;
        try
        {
            _file = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException($"{Path} may not be opened by this user. Members of the group i2c may.", denied);
        }
    }

    public int BusId => _busId;

    private string Path => $"/dev/i2c-{_busId}";

    public override I2cDevice CreateDevice(int deviceAddress)
    {
        lock (_devices)
        {
            var device = new LinuxI2cDevice(this, deviceAddress, ownsBus: false);
            if (!_devices.TryAdd(deviceAddress, device))
            {
                throw new InvalidOperationException($"A device with address 0x{deviceAddress:x2} is open on bus {_busId} already.");
            }
            return device;
        }
    }

    public override void RemoveDevice(int deviceAddress)
    {
        if (!Forget(deviceAddress))
        {
            throw new ArgumentException($"No device with address 0x{deviceAddress:x2} is open on bus {_busId}.", nameof(deviceAddress));
        }
    }

    /// <summary>The same as <see cref="RemoveDevice"/>, where it does not matter whether the device is known.</summary>
    public bool Forget(int deviceAddress)
    {
        lock (_devices)
        {
            return _devices.Remove(deviceAddress);
        }
    }

    /// <summary>
    /// One combined transfer of the kernel: the parts go over the wire with a repeated start between them, and no other
    /// user of the bus comes between. An empty part is left out.
    /// </summary>
    public unsafe void Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        fixed (byte* writeBytes = write, readBytes = read)
        {
            I2cMessage* messages = stackalloc I2cMessage[2];
            uint count = 0;
            if (!write.IsEmpty)
            {
                messages[count++] = new I2cMessage { Address = (ushort)address, Length = checked((ushort)write.Length), Bytes = writeBytes };
            }
            if (!read.IsEmpty)
            {
                messages[count++] = new I2cMessage
                {
                    Address = (ushort)address,
                    Flags = I2cMessage.ReadFlag,
                    Length = checked((ushort)read.Length),
                    Bytes = readBytes,
                };
            }
            if (count == 0)
            {
                return;
            }
            var transfer = new I2cTransfer { Messages = messages, Count = count };
            if (LinuxI2c.Ioctl(_file, LinuxI2c.CombinedTransfer, ref transfer) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                string cause = error is NoSuchAddress or RemoteError ? "No device answered" : Marshal.GetPInvokeErrorMessage(error);
                throw new IOException($"{Path}, address 0x{address:x2}: {cause} (errno {error}).", error);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }
        base.Dispose(disposing);
    }
}
