namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>What may be done about a stuck bus beyond opening it anew. Key <c>recover</c> of a bus.</summary>
internal sealed class RecoveryOptions
{
    /// <summary>Unbind and bind the adapter's driver. Default no: it takes the bus from everybody else on it, and needs rights.</summary>
    public bool Driver { get; init; }

    /// <summary>The GPIO lines that are wired to the clock and the data of the bus. Default none.</summary>
    public (string Scl, string Sda)? Lines { get; init; }

    /// <summary>The gentlest first. The driver comes after the lines, because it gets pins back that the lines took from the adapter.</summary>
    public IReadOnlyList<RecoveryStep> Steps
    {
        get
        {
            var steps = new List<RecoveryStep> { RecoveryStep.Reopen };
            if (Lines is not null)
            {
                steps.Add(RecoveryStep.Lines);
            }
            if (Driver)
            {
                steps.Add(RecoveryStep.Driver);
            }
            return steps;
        }
    }
}
