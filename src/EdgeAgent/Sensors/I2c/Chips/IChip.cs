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

    /// <summary>How long the chip is left alone before a step is called again that said <see cref="ChipState.Pending"/>.</summary>
    TimeSpan Pause => TimeSpan.Zero;

    /// <summary>
    /// Makes sure that the chip is the right one, gives it its settings and reads what belongs to this specimen. Once after each loss; in
    /// several steps where the chip needs time between them.
    /// </summary>
    ChipState Prepare();

    /// <summary>Starts a measurement.</summary>
    void Start();

    /// <summary>
    /// After <see cref="MeasurementTime"/> and before <see cref="Finish"/>: what a chip needs that has to be asked in several steps, or that may
    /// have lost its settings with its power. Anything but ready fails the measurement, and the chip is prepared anew.
    /// </summary>
    ChipState Continue() => ChipState.Ready;

    /// <summary>Reads the measurement that was started <see cref="MeasurementTime"/> ago.</summary>
    /// <param name="values">One outcome for each of <see cref="Quantities"/>.</param>
    void Finish(Span<Measured> values);
}

/// <summary>What a step of a driver found.</summary>
internal enum ChipState
{
    Ready,

    /// <summary>There is another step: call again after <see cref="IChip.Pause"/>. The driver sees to it that this ends.</summary>
    Pending,

    /// <summary>The chip is starting up, or has just lost its settings; ask again with the next poll.</summary>
    NotReady,

    /// <summary>Something answers that is another chip, or a broken one: look at the wiring.</summary>
    WrongChip,

    /// <summary>The chip's answer fails its checksum.</summary>
    Checksum,
}
