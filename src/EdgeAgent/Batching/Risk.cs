namespace EdgeAgent.Batching;

/// <summary>Readings that a power cut would lose, and when the oldest of them came.</summary>
internal readonly record struct Risk(long Readings, TimeSpan Since)
{
    public static readonly Risk None = new(0, TimeSpan.MaxValue);

    public Risk With(long readings, TimeSpan since) =>
        readings == 0 ? this : new Risk(Readings + readings, since < Since ? since : Since);

    public Risk With(Risk other) => With(other.Readings, other.Since);
}
