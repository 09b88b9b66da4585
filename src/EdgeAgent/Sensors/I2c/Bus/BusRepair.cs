namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>Does what a step of recovery says, on a bus that is closed.</summary>
/// <param name="driver">The driver of the bus's adapter.</param>
/// <param name="lines">Null where lines cannot be had here.</param>
/// <param name="names">The lines that are wired to clock and data.</param>
internal sealed class BusRepair(DriverRebinding driver, IBusLinesSource? lines, (string Scl, string Sda)? names)
{
    public RecoveryOutcome Carry(RecoveryStep step) => step switch
    {
        // To close it was the step.
        RecoveryStep.Reopen => RecoveryOutcome.Done,
        RecoveryStep.Lines => ClearLines(),
        _ => driver.Rebind(),
    };

    private RecoveryOutcome ClearLines()
    {
        if (lines is null || names is not var (scl, sda))
        {
            return RecoveryOutcome.NotPossible;
        }
        try
        {
            using IBusLines wires = lines.Request(scl, sda);
            return BusClearing.Clear(wires);
        }
        catch (UnauthorizedAccessException)
        {
            return RecoveryOutcome.NotPermitted;
        }
        catch (IOException)
        {
            return RecoveryOutcome.NotPossible;
        }
    }
}
