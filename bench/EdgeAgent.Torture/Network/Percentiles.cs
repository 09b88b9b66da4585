namespace EdgeAgent.Torture.Network;

/// <summary>Of times in seconds, by the nearest rank.</summary>
internal static class Percentiles
{
    /// <summary>p50, p99 and max as JSON shows them; zeros where there is nothing.</summary>
    public static Dictionary<string, double> Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalSeconds).Order()];
        return new Dictionary<string, double> { ["p50"] = Rank(sorted, 0.5), ["p99"] = Rank(sorted, 0.99), ["max"] = Rank(sorted, 1) };
    }

    private static double Rank(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 3);
}
