using System.Runtime.CompilerServices;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>A device whose files may block, read on the thread of its group.</summary>
internal sealed class KernelSensor : ISensor
{
    private readonly IBlockingDevice _device;
    private readonly BlockingThread _thread;
    private readonly Action _measure;

    /// <summary>The thread's own: one that hangs and comes back late must not write into values that were long sent.</summary>
    private Measured[] _measured = [];

    public KernelSensor(IBlockingDevice device, BlockingThread thread)
    {
        (_device, _thread) = (device, thread);
        _measure = () => _device.Measure(_measured);
        Quantities = device.Quantities;
    }

    public string Description => _device.Description;

    public IReadOnlyList<Quantity> Quantities { get; private set; }

    public bool IsPresent { get; private set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        if (_measured.Length != values.Length)
        {
            _measured = new Measured[values.Length];
        }
        if (await _thread.RunAsync(_measure, cancellationToken).ConfigureAwait(false) == BlockingOutcome.Hangs)
        {
            Array.Fill(values, Measured.None(Quality.NoResponse));
            IsPresent = false;
            return;
        }
        _measured.CopyTo(values);
        Quantities = _device.Quantities;
        IsPresent = _device.IsPresent;
    }
}
