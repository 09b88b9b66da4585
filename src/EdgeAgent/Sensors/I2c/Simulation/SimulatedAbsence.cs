namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>Nothing: stands for a chip of which nobody but its datasheet could tell what to model.</summary>
internal sealed class SimulatedAbsence : SimulatedChip
{
    public override void LosePower()
    {
    }

    protected override void Take(ReadOnlySpan<byte> bytes) => throw NotAcknowledged();

    protected override void Give(Span<byte> bytes) => throw NotAcknowledged();
}
