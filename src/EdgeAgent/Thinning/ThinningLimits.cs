namespace EdgeAgent.Thinning;

/// <summary>
/// How much memory a run may take, while it lasts: with the defaults about 16 MiB at the very worst. 1 MiB of the readings of a hundred series, one a
/// second, takes a tenth of that.
/// </summary>
internal sealed class ThinningLimits
{
    private const int MiB = 1024 * 1024;

    /// <summary>Windows of all series that are open at once. Default 40,000, 10 MiB with the room that lists grow into.</summary>
    public int Windows { get; init; } = 40_000;

    /// <summary>Readings that are kept aside because their window may stay as it is. Default 100,000, 4 MiB.</summary>
    public int HeldReadings { get; init; } = 100_000;

    /// <summary>Characters of different texts. Default 1 Mi, 2 MiB: texts are states and codes, which are few.</summary>
    public int TextCharacters { get; init; } = 1024 * 1024;

    /// <summary>Clocks of different starts of the machine, or set anew in between. Default 64.</summary>
    public int Clocks { get; init; } = 64;

    /// <summary>
    /// As much more as the segments of a spool are larger than 1 MiB: a run reads two of them at once. Smaller segments never reach the defaults.
    /// </summary>
    public static ThinningLimits ForSegments(int segmentBytes)
    {
        var standard = new ThinningLimits();
        int times = Math.Max(1, (segmentBytes + MiB - 1) / MiB);
        return new ThinningLimits
        {
            Windows = standard.Windows * times,
            HeldReadings = standard.HeldReadings * times,
            TextCharacters = standard.TextCharacters * times,
            Clocks = standard.Clocks * times,
        };
    }
}
