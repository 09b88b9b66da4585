using System.Threading.Tasks.Sources;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// The one place of a sensor in the queue of its bus, used again and again: transfers that follow each other without a wait, and an outcome
/// to wait for. Because no sensor has two, the queue is as long as there are sensors at most, and first come, first served is fair.
/// </summary>
internal sealed class BusTurn(I2cWire wire, ITurnRunner runner) : IValueTaskSource<Quality>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<Quality> _completion;
    private Func<Quality>? _transfers;
    private Quality _outcome;
    private Exception? _defect;

    /// <summary>Where the turn stands. The runner's alone.</summary>
    public BusTurnState State { get; set; }

    /// <summary>Runs transfers while nobody else uses the bus.</summary>
    /// <param name="transfers">
    /// The same delegate each time: a new one would be an allocation. Where its turn is given up it may still be at work when the outcome is
    /// known, and no other turn of this sensor is taken until it is not.
    /// </param>
    /// <returns>What the transfers say; no response where the bus gave none.</returns>
    public ValueTask<Quality> TakeAsync(Func<Quality> transfers) => runner.Run(this, transfers);

    /// <summary>For the runner: what is to be done in this turn, whose outcome will be waited for.</summary>
    public ValueTask<Quality> Begin(Func<Quality> transfers)
    {
        _transfers = transfers;
        _completion.Reset();
        return new ValueTask<Quality>(this, _completion.Version);
    }

    /// <summary>For the runner: the transfers themselves. The outcome is its own to keep, because the turn may have been given up meanwhile.</summary>
    /// <param name="defect">An exception of the program, not of the hardware: whoever waits for the turn gets it.</param>
    public Quality Perform(out Exception? defect)
    {
        try
        {
            defect = null;
            return wire.Perform(_transfers!);
        }
        catch (Exception failure)
        {
            defect = failure;
            return Quality.Failed;
        }
    }

    /// <summary>For the runner: whoever waits goes on, on a thread of the pool.</summary>
    public void Complete(Quality outcome, Exception? defect)
    {
        _outcome = outcome;
        _defect = defect;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>For the runner: the turn is not waited for any longer, or not taken at all.</summary>
    public void GiveUp() => Complete(wire.Refused(), null);

    void IThreadPoolWorkItem.Execute()
    {
        if (_defect is { } defect)
        {
            _completion.SetException(defect);
        }
        else
        {
            _completion.SetResult(_outcome);
        }
    }

    Quality IValueTaskSource<Quality>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Quality>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<Quality>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);
}

internal enum BusTurnState
{
    /// <summary>Free to be taken.</summary>
    Idle,

    /// <summary>In the queue.</summary>
    Waiting,

    /// <summary>Its transfers are at work.</summary>
    Running,

    /// <summary>Its transfers are at work, or hang, and nobody waits for them any longer. What comes of them is dropped.</summary>
    GivenUp,
}
