using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>Runs the turns of one bus, one after another.</summary>
internal interface ITurnRunner : IDisposable
{
    /// <summary>A turn is under way; after disposal: it hangs, and has the bus still.</summary>
    bool IsAtWork { get; }

    /// <returns>The outcome of the turn; no response where it cannot be run because an earlier one hangs.</returns>
    ValueTask<Quality> Run(BusTurn turn, Func<Quality> transfers);
}
