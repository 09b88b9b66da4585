namespace EdgeAgent.Thinning;

/// <summary>
/// How much memory a run may take, while it lasts: with the defaults about 16 MiB at the very worst. 1 MiB of the readings of a hundred series, one a
/// second, takes a tenth of that.
/// </summary>
internal sealed class ThinningLimits
{
    /// <summary>
    /// Windows of all series. Default 50,000, about 8 MiB: a segment of 1 MiB that holds more has so few readings in each that nothing would be gained.
    /// </summary>
    public int Windows { get; init; } = 50_000;

    /// <summary>Readings that are kept aside because their window may stay as it is. Default 150,000, 5 MiB.</summary>
    public int HeldReadings { get; init; } = 150_000;

    /// <summary>Characters of different texts. Default 1 Mi, 2 MiB: texts are states and codes, which are few.</summary>
    public int TextCharacters { get; init; } = 1024 * 1024;

    /// <summary>Clocks of different starts of the machine, or set anew in between. Default 64.</summary>
    public int Clocks { get; init; } = 64;
}
