namespace EdgeAgent.Torture;

/// <summary>What the database holds of one feed, counted message by message and by value: nobody's counter is trusted here.</summary>
internal sealed class StoredFeed
{
    /// <summary>publisher.py: message N carries the time BASE_MS + N.</summary>
    private const long BaseNanoseconds = 1_700_000_000_000L * 1_000_000;

    private readonly Dictionary<int, (int Positive, int Negative)> _stored = [];

    /// <summary>Rows that no message can have made.</summary>
    public int Wrong { get; private set; }

    public int Messages => _stored.Count;

    public IEnumerable<int> Numbers => _stored.Keys;

    /// <summary>How often every value of the message is stored.</summary>
    public int Least(int number) => _stored.TryGetValue(number, out (int Positive, int Negative) times) ? Math.Min(times.Positive, times.Negative) : 0;

    /// <summary>How often some value of the message is stored.</summary>
    public int Most(int number) => _stored.TryGetValue(number, out (int Positive, int Negative) times) ? Math.Max(times.Positive, times.Negative) : 0;

    /// <summary>Reads all rows of these feeds.</summary>
    public static Dictionary<string, StoredFeed> Read(string databaseFile, IEnumerable<string> feeds)
    {
        var stored = feeds.ToDictionary(feed => feed, _ => new StoredFeed());
        using var database = new StoredRows(databaseFile);
        foreach ((string series, long unixNanoseconds, double value) in database.All())
        {
            string[] parts = series.Split('/');
            // Not of what the agent says about itself, or of sensors beside the feeds.
            if (stored.TryGetValue(parts[0], out StoredFeed? feed))
            {
                feed.Add(isStamped: parts[1] != "plain", isNegative: parts[^1] == "negative", unixNanoseconds, value);
            }
        }
        return stored;
    }

    /// <summary>One row.</summary>
    public void Add(bool isStamped, bool isNegative, long unixNanoseconds, double value)
    {
        int number = (int)(isNegative ? -value : value);
        if (number < 0 || number != Math.Abs(value) || (isStamped && unixNanoseconds != BaseNanoseconds + (number * 1_000_000L)))
        {
            Wrong++;
            return;
        }
        (int positive, int negative) = _stored.GetValueOrDefault(number);
        _stored[number] = isNegative ? (positive, negative + 1) : (positive + 1, negative);
    }
}
