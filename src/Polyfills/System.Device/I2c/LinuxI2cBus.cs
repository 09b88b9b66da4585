namespace System.Device.I2c;

/// <summary>A bus of the kernel's i2c-dev driver (Documentation/i2c/dev-interface.rst).</summary>
internal sealed class LinuxI2cBus : I2cBus
{
    /// <summary>
    /// I2C_TIMEOUT in units of 10 ms: half a second. Kernels wait for a second or more by themselves. The longest clock stretch known from a
    /// datasheet is 150 ms (SCD30), and 4 KiB at 100 kHz take 370 ms.
    /// </summary>
    internal const int Timeout = 50;

    /// <summary>
    /// A transfer that lost the arbitration, or that a signal broke off, has not been carried out, and is begun anew. More often than this in
    /// a row it is no accident.
    /// </summary>
    internal const int Attempts = 3;

    private readonly int _busId;
    private readonly ILinuxI2c _kernel;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, LinuxI2cDevice> _devices = [];

    /// <summary>Null where the adapter does combined transfers.</summary>
    private readonly SmbusWire? _smbus;

    public LinuxI2cBus(int busId)
        : this(busId, LinuxI2cFile.Open(busId))
    {
    }

    /// <param name="busId">The number N of /dev/i2c-N.</param>
    /// <param name="kernel">The open file; closed with the bus, and where the adapter does not say what it can.</param>
    internal LinuxI2cBus(int busId, ILinuxI2c kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(busId);
        _busId = busId;
        _kernel = kernel;
        int error = kernel.GetFunctions(out I2cFunctions functions);
        if (error != 0)
        {
            kernel.Dispose();
            throw new IOException($"{Path} does not say what its adapter can do (errno {error}).", error);
        }
        _smbus = (functions & I2cFunctions.I2c) != 0 ? null : new SmbusWire(kernel, functions, Path);
        // An adapter that would refuse it keeps the timeout that it has.
        _ = kernel.SetTimeout(Timeout);
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
    /// One transfer of the kernel: no other user of the bus comes between its parts. An empty part is left out.
    /// </summary>
    public void Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        if (write.IsEmpty && read.IsEmpty)
        {
            return;
        }
        // Telling an SMBus adapter the address and the transfer itself are two calls.
        lock (_lock)
        {
            for (int attempt = 1; ; attempt++)
            {
                int error = _smbus is null ? CombinedWire.Transfer(_kernel, address, write, read) : _smbus.Transfer(address, write, read);
                if (error == 0)
                {
                    return;
                }
                if (error is not (TransferError.Interrupted or TransferError.TryAgain) || attempt == Attempts)
                {
                    throw TransferError.Of(Path, address, error);
                }
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _kernel.Dispose();
        }
        base.Dispose(disposing);
    }
}
