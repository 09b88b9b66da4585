namespace EdgeAgent.Uplink.Budget;

/// <summary>The shares of a budget that are told of when they are used, each once in a period.</summary>
internal sealed class UsageMarks
{
    private static readonly int[] Percents = [50, 80, 100];

    private int _passed;

    /// <param name="bytes">Used already when the process started: that was told by the one before.</param>
    /// <param name="limit">Null: there is nothing to tell.</param>
    public UsageMarks(long bytes, long? limit) => Pass(bytes, limit);

    /// <summary>A new period has begun.</summary>
    public void Reset() => _passed = 0;

    /// <returns>The highest mark that was not passed before; null where there is none.</returns>
    public int? Pass(long bytes, long? limit)
    {
        int? news = null;
        while (_passed < Percents.Length && limit is { } most && bytes >= most * (Percents[_passed] / 100.0))
        {
            news = Percents[_passed++];
        }
        return news;
    }
}
