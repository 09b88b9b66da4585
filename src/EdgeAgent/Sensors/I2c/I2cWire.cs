using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c;

/// <summary>
/// One bus, opened when it is first needed (a kernel module may come later than the agent), and a lock: transfers of one
/// measurement that follow each other without a wait are not mixed with a neighbour's.
/// </summary>
internal sealed class I2cWire(Func<I2cBus> open) : IDisposable
{
    private readonly Lock _lock = new();
    private I2cBus? _bus;

    /// <summary>Runs transfers while nobody else uses the bus.</summary>
    public TResult Use<TResult>(Func<TResult> transfers)
    {
        lock (_lock)
        {
            return transfers();
        }
    }

    /// <exception cref="IOException">There is no such bus, or this process may not use it.</exception>
    public I2cDevice OpenDevice(int address) => (_bus ??= open()).CreateDevice(address);

    public void Dispose() => _bus?.Dispose();
}
