namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// Anything that is read at a rate: a chip on a bus, a file of the kernel, a counter. It knows its hardware; when it is read, how long
/// it is left alone after a failure and where its values go is the sampler's.
/// </summary>
internal interface ISensor
{
    /// <summary>What it is and where, for the log: "bme280 at 0x76 of bus 1".</summary>
    string Description { get; }

    /// <summary>
    /// What an attempt gives, in this order. Fixed once it is not empty; empty for a sensor that learns from its hardware what it measures
    /// (channels, disks) and has not met it yet.
    /// </summary>
    IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Whether the hardware is known to be there and prepared. Its changes are logged.</summary>
    bool IsPresent { get; }

    /// <summary>
    /// One attempt. Prepares the hardware where that is due, measures, and fills in what came of it: whatever the hardware does is a
    /// quality. An exception is a defect of the program.
    /// </summary>
    /// <param name="values">
    /// One outcome for each of <see cref="Quantities"/> as they were before the call. Empty where they were; the sensor then only looks for
    /// its hardware.
    /// </param>
    /// <param name="cancellationToken">The agent stops.</param>
    ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken);
}
