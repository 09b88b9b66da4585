using System.Runtime.CompilerServices;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>
/// A device whose files may block, read on the thread of its group. It owns the device, and closes it when neither the sampler nor the thread needs it any more.
/// </summary>
internal sealed class KernelSensor : ISensor, IDisposable
{
    private const int Idle = 0, AtWork = 1, Ended = 2;

    private readonly IBlockingDevice _device;
    private readonly BlockingThread _thread;
    private readonly Action _measure;

    /// <summary>The thread's own: one that hangs and comes back late must not write into values that were long sent.</summary>
    private Measured[] _measured = [];
    private int _state;

    public KernelSensor(IBlockingDevice device, BlockingThread thread)
    {
        (_device, _thread) = (device, thread);
        _measure = Measure;
        Quantities = device.Quantities;
    }

    public string Description => _device.Description;

    public IReadOnlyList<Quantity> Quantities { get; private set; }

    public bool IsPresent { get; private set; }

    /// <summary>The files are closed now; or, where the thread hangs in them, by the thread when it comes back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, Ended) == Idle)
        {
            _device.Dispose();
        }
    }

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

    private void Measure()
    {
        if (Interlocked.CompareExchange(ref _state, AtWork, Idle) != Idle)
        {
            return;
        }
        try
        {
            _device.Measure(_measured);
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _state, Idle, AtWork) == Ended)
            {
                _device.Dispose();
            }
        }
    }
}
