using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// A driver of one chip. It speaks to its device and computes; it neither waits nor knows a clock. A device that does not
/// answer makes the bus throw an <see cref="IOException"/>, which flies through here: the poller names it.
/// </summary>
internal interface IChip
{
    /// <summary>What a measurement gives, in this order.</summary>
    IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>How long a measurement takes at most, from the datasheet.</summary>
    TimeSpan MeasurementTime { get; }

    /// <summary>
    /// How often <see cref="Start"/> and <see cref="Finish"/> follow each other in one measurement: a converter that sees one of its inputs
    /// at a time has as many as it has inputs to read. Each fills in its own values.
    /// </summary>
    int Conversions => 1;

    /// <summary>Makes sure that the chip is the right one and reads what belongs to this specimen. Once after each loss.</summary>
    ChipState Prepare();

    /// <summary>Starts a measurement.</summary>
    void Start();

    /// <summary>Reads the measurement that was started <see cref="MeasurementTime"/> ago.</summary>
    /// <param name="values">One outcome for each of <see cref="Quantities"/>.</param>
    void Finish(Span<Measured> values);
}

/// <summary>What <see cref="IChip.Prepare"/> found.</summary>
internal enum ChipState
{
    Ready,

    /// <summary>The chip is starting up; ask again with the next poll.</summary>
    NotReady,

    /// <summary>Something answers that is another chip, or a broken one: look at the wiring.</summary>
    WrongChip,

    /// <summary>The chip's answer fails its checksum.</summary>
    Checksum,
}
