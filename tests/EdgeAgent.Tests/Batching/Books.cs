using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Batching;

/// <summary>What a lane of the spool can say of readings: those that are there, and the others by cause.</summary>
internal sealed class Books
{
    private readonly Dictionary<LossCause, long> _lost = [];

    public long Readings { get; private set; }

    /// <summary>Readings that were produced, as far as the spool knows.</summary>
    public long Total => Readings + _lost.Values.Sum();

    public long Lost(LossCause cause) => _lost.GetValueOrDefault(cause);

    public static Books Read(SpoolQueue queue)
    {
        var books = new Books();
        using SpoolReader reader = queue.OpenReader(1);
        while (reader.Read(out SpoolRecord record) is var result && result != ReadResult.End)
        {
            if (result == ReadResult.Record)
            {
                books.Readings += record.Items;
            }
            else
            {
                books._lost[reader.Gap.Cause] = books.Lost(reader.Gap.Cause) + (long)reader.Gap.Items;
            }
        }
        return books;
    }
}
