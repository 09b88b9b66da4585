namespace EdgeAgent.Sensors.Sampling;

/// <summary>Where within its interval a sensor is read.</summary>
/// <param name="Kind">How that is found.</param>
/// <param name="Offset">With <see cref="PhaseKind.Fixed"/>: so long after a multiple of the interval.</param>
internal readonly record struct SamplingPhase(PhaseKind Kind, TimeSpan Offset = default)
{
    /// <summary>A thousandth of the interval: times stay short decimals, which take little room in a batch.</summary>
    private const int Parts = 1_000;

    /// <summary>How long after a multiple of the interval the sensor is read.</summary>
    /// <param name="interval">From one reading to the next.</param>
    /// <param name="device">Tells this device from others of its fleet.</param>
    /// <param name="series">Tells the sensor from others of this device.</param>
    public TimeSpan Within(TimeSpan interval, string device, string series) => Kind switch
    {
        PhaseKind.Spread => interval / Parts * (Hash(Hash(FnvOffset, device), series) % Parts),
        PhaseKind.Fixed => Offset,
        _ => TimeSpan.Zero,
    };

    // FNV-1a with 32 bits: the same with every start, on every machine and with every runtime, unlike string.GetHashCode.
    private const uint FnvOffset = 2_166_136_261;
    private const uint FnvPrime = 16_777_619;

    private static uint Hash(uint hash, string text)
    {
        foreach (char character in text)
        {
            hash = (hash ^ character) * FnvPrime;
        }
        // Ends the text, so that "ab" and "c" differ from "a" and "bc".
        return (hash ^ '\n') * FnvPrime;
    }
}

/// <inheritdoc cref="SamplingPhase"/>
internal enum PhaseKind
{
    /// <summary>At multiples of the interval: readings of sensors with the same interval have the same times, and cost one wake-up.</summary>
    Aligned,

    /// <summary>At a place of its own, found from the names of device and series, so that neither a bus nor a fleet is busy all at once.</summary>
    Spread,

    /// <summary>So long after a multiple of the interval as the configuration says.</summary>
    Fixed,
}
