using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>
/// Waits until what precedes a session is stored: by this instance, which says so at once, or by another, which shows only
/// in the store.
/// </summary>
internal sealed class Predecessors(IReadingStore store, StoreQueue queue, IngestOptions options, TimeProvider time)
{
    // How often to look whether another instance has stored it. A wait for one of our own ends without it.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    /// <returns>False where the time is over. Cancellation counts as that.</returns>
    public async ValueTask<bool> WaitAsync(SourceKey source, ulong through, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            Task stored = queue.NextStored;
            if (await store.ReadDurableThroughAsync(source, CancellationToken.None) >= through)
            {
                return true;
            }
            TimeSpan left = options.PredecessorWait - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
            {
                return false;
            }
            // Whatever ends the wait, the watermark says what it meant.
            await stored.WaitAsync(left < LookAgain ? left : LookAgain, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
