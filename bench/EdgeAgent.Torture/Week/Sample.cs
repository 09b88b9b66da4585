namespace EdgeAgent.Torture.Week;

/// <summary>What was seen at a moment of the simulated time.</summary>
internal readonly record struct Sample(TimeSpan At, long Produced, long ResidentBytes, long HeapBytes, long FileBytes, long Evicted)
{
    /// <summary>The least-squares slope of a figure over the simulated time, in its unit a day.</summary>
    public static double Slope(IReadOnlyList<Sample> samples, Func<Sample, double> figure)
    {
        if (samples.Count < 2)
        {
            return 0;
        }
        double meanDays = samples.Average(sample => sample.At.TotalDays);
        double mean = samples.Average(figure);
        double above = samples.Sum(sample => (sample.At.TotalDays - meanDays) * (figure(sample) - mean));
        return above / samples.Sum(sample => (sample.At.TotalDays - meanDays) * (sample.At.TotalDays - meanDays));
    }
}
