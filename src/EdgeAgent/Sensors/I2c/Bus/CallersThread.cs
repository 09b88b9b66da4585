using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>Runs a turn where it is asked for: for a bus without wires, on which nothing blocks.</summary>
internal sealed class CallersThread(I2cWire wire) : ITurnRunner
{
    private readonly Lock _lock = new();

    public bool IsAtWork => false;

    public ValueTask<Quality> Run(BusTurn turn, Func<Quality> transfers)
    {
        lock (_lock)
        {
            return new ValueTask<Quality>(wire.Perform(transfers));
        }
    }

    public void Dispose()
    {
    }
}
