using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Bus;

namespace EdgeAgent.Sensors.I2c;

/// <summary>
/// The owner of one bus. Its sensors take turns; within a turn nobody else uses the bus, and nobody holds it while a chip converts. It is
/// opened when it is first needed (a kernel module may come later than the agent), and anew after it was lost or stuck.
/// </summary>
internal sealed class I2cWire : IDisposable
{
    private readonly Func<I2cBus> _open;
    private readonly BusSupervision? _supervision;
    private readonly ITurnRunner _runner;
    private readonly Dictionary<int, OwnedDevice> _devices = [];
    private I2cBus? _bus;
    private volatile bool _isDisposed;

    /// <summary>A bus without wires: turns are run where they are asked for, and nobody is told of failures.</summary>
    public I2cWire(Func<I2cBus> open)
    {
        _open = open;
        _runner = new CallersThread(this);
    }

    /// <param name="name">"i2c-1": what its thread is called.</param>
    /// <param name="open">Opens the bus.</param>
    /// <param name="supervision">Counts failures and sees to a bus that is stuck.</param>
    /// <param name="deadline">How long a turn may take before the bus counts as stuck.</param>
    /// <param name="time">The clock of the deadline.</param>
    public I2cWire(string name, Func<I2cBus> open, BusSupervision supervision, TimeSpan deadline, TimeProvider time)
    {
        _open = open;
        _supervision = supervision;
        _runner = new BusThread(this, name, deadline, time);
    }

    /// <summary>A turn is under way. One that hangs has the bus also after this was disposed of: nobody else may have it until then.</summary>
    public bool IsAtWork => _runner.IsAtWork;

    /// <summary>
    /// A device that opens the bus when it is first used. To be used within a turn only. The same for an address each time, as a bus gives a device out once.
    /// </summary>
    public I2cDevice Device(int address)
    {
        _supervision?.Use(address);
        if (!_devices.TryGetValue(address, out OwnedDevice? device))
        {
            _devices[address] = device = new OwnedDevice(this, address);
        }
        return device;
    }

    /// <summary>No turn uses the address any more.</summary>
    public void Leave(int address) => _supervision?.Leave(address);

    /// <summary>A sensor's place in the queue of this bus.</summary>
    public BusTurn Turn() => new(this, _runner);

    public void Dispose()
    {
        _runner.Dispose();
        // A turn that hangs may come back after this: it finds no bus any more.
        _isDisposed = true;
        Close();
        _supervision?.End();
    }

    /// <summary>A chip's answer failed its checksum.</summary>
    public void ChecksumFailed() => _supervision?.ChecksumFailed();

    /// <summary>Within a turn: recovery where it is due, then the transfers.</summary>
    internal Quality Perform(Func<Quality> transfers)
    {
        if (_supervision is not null)
        {
            if (!_supervision.MayBeUsed(out RecoveryStep? due))
            {
                return Refused();
            }
            if (due is { } step)
            {
                Close();
                _supervision.Recover(step);
            }
        }
        try
        {
            return transfers();
        }
        catch (IOException)
        {
            return Quality.NoResponse;
        }
        catch (NotSupportedException)
        {
            return Quality.Failed;
        }
    }

    /// <summary>The outcome of a turn that is not taken, or whose end nobody waits for.</summary>
    internal Quality Refused()
    {
        _supervision?.Refused();
        return Quality.NoResponse;
    }

    internal void Hangs(TimeSpan deadline) => _supervision?.Hangs(deadline);

    /// <exception cref="IOException">There is no such bus, or this process may not use it.</exception>
    internal I2cBus Open()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _bus ??= _open();
    }

    internal void Succeeded() => _supervision?.Succeeded();

    /// <returns>Always true: the exception flies on, seen.</returns>
    internal bool Failed(int address, Exception failure)
    {
        if (_supervision?.Failed(address, failure) == I2cFailureCause.NoBus)
        {
            // The kernel waits with the removal of an adapter until nobody has it open; and what comes back is another one.
            Close();
        }
        return true;
    }

    private void Close()
    {
        _bus?.Dispose();
        _bus = null;
    }
}
