namespace EdgeAgent.Torture.Week;

/// <summary>What was seen at a moment of the simulated time.</summary>
internal readonly record struct Sample(TimeSpan At, long Produced, long ResidentBytes, long FileBytes, long Evicted)
{
    /// <summary>The least-squares slope of the memory over the simulated time, in bytes a day.</summary>
    public static double ResidentSlope(IReadOnlyList<Sample> samples)
    {
        if (samples.Count < 2)
        {
            return 0;
        }
        double meanDays = samples.Average(sample => sample.At.TotalDays);
        double meanBytes = samples.Average(sample => (double)sample.ResidentBytes);
        double above = samples.Sum(sample => (sample.At.TotalDays - meanDays) * (sample.ResidentBytes - meanBytes));
        return above / samples.Sum(sample => (sample.At.TotalDays - meanDays) * (sample.At.TotalDays - meanDays));
    }
}
