using EdgeAgent.Samples.Telemetry;

namespace EdgeAgent.Samples;

/// <summary>What a comparison of everything that was acknowledged with everything that the database holds has found.</summary>
/// <param name="Stored">Readings in the database.</param>
/// <param name="Duplicates">Rows of published series beyond what was acknowledged.</param>
/// <param name="Missing">Acknowledged readings for which there is no row of the same series, time and value.</param>
internal sealed record Verdict(long Stored, long Duplicates, long Missing)
{
    /// <summary>Compares by value: series name, nanosecond and every bit of the number; each row serves one reading only.</summary>
    public static Verdict Compare(IReadOnlyCollection<PublishedReading> acknowledged, StoredReadings database)
    {
        Dictionary<PublishedReading, int> unmatched = [];
        long stored = 0;
        foreach ((string series, long unixNanoseconds, double value) in database.All())
        {
            stored++;
            var row = new PublishedReading(series, unixNanoseconds, value);
            unmatched[row] = unmatched.GetValueOrDefault(row) + 1;
        }
        long missing = 0;
        foreach (PublishedReading reading in acknowledged)
        {
            if (unmatched.GetValueOrDefault(reading) == 0)
            {
                missing++;
            }
            else
            {
                unmatched[reading]--;
            }
        }
        HashSet<string> published = [.. acknowledged.Select(reading => reading.Series)];
        long duplicates = unmatched.Where(row => published.Contains(row.Key.Series)).Sum(row => (long)row.Value);
        return new Verdict(stored, duplicates, missing);
    }
}
