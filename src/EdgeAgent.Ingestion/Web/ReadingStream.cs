using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Web;

/// <summary>The readings of a range one after the other, fetched block by block.</summary>
internal static class ReadingStream
{
    // 512 readings: 40 KiB, and a query's fixed cost shared by enough of them.
    private const int BlockLength = 512;

    public static IEnumerable<StoredReading> Read(IReadingQueries queries, ReadingRange range, long limit)
    {
        var block = new StoredReading[Math.Min(limit, BlockLength)];
        StoredReading? after = null;
        while (limit > 0)
        {
            int asked = (int)Math.Min(limit, block.Length);
            int count = queries.ReadBlock(range, after, block.AsSpan(0, asked));
            for (int i = 0; i < count; i++)
            {
                yield return block[i];
            }
            if (count < asked)
            {
                yield break;
            }
            after = block[count - 1];
            limit -= count;
        }
    }
}
