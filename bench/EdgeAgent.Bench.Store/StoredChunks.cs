using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Bench.Store;

/// <summary>The store alone, as the service's queue uses it: pieces of sessions of all devices, several in a transaction.</summary>
internal static class StoredChunks
{
    private const int RecordsInChunk = 3;

    public static async Task RunAsync(IReadingStore store, int millions)
    {
        int records = Telemetry.Records(millions);
        for (int first = 0; first < records; first += RecordsInChunk)
        {
            SourceChunk[] chunks = [.. Enumerable.Range(0, Telemetry.Devices).Select(device => Chunk(device, first, Math.Min(first + RecordsInChunk, records)))];
            IReadOnlyList<StoreResult> results = await store.StoreAsync(chunks, CancellationToken.None);
            if (results.Any(result => result.Outcome != StoreOutcome.Stored))
            {
                throw new InvalidOperationException("The store refused what it should take.");
            }
            Array.ForEach(chunks, static chunk => chunk.Dispose());
        }
    }

    private static SourceChunk Chunk(int device, int first, int end)
    {
        var chunk = new SourceChunk(new SourceKey($"device-{device}", new Guid(device, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), Lane.Live), "bench");
        chunk.Begin((ulong)first);
        for (int series = 0; first == 0 && series < Telemetry.Series; series++)
        {
            chunk.Readings.Define(1, new SeriesDefinition { Ref = (uint)series + 1, Name = $"series-{series}", Kind = SeriesKind.Number });
        }
        for (int record = first; record < end; record++)
        {
            chunk.Readings.BeginRecord((ulong)record + 1);
            long[] times = Telemetry.Times(record);
            for (int series = 0; series < Telemetry.Series; series++)
            {
                chunk.Readings.Numbers(1, (uint)series + 1, times, Telemetry.Values(record, series), []);
            }
            chunk.Through = (ulong)record + 1;
            chunk.RecordsStored++;
        }
        return chunk;
    }
}
