using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>A real store behind a switch: it can fail as a full disk does, or stand still as a slow one does.</summary>
internal sealed class SwitchableStore(IReadingStore store) : IReadingStore
{
    private TaskCompletionSource _moving = Done();

    public volatile bool Fails;

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void StandStill() => _moving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void MoveOn() => _moving.TrySetResult();

    public ValueTask<ulong> ReadDurableThroughAsync(SourceKey source, CancellationToken cancellationToken) =>
        store.ReadDurableThroughAsync(source, cancellationToken);

    public async ValueTask<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<SourceChunk> chunks, CancellationToken cancellationToken)
    {
        Entered.TrySetResult();
        await _moving.Task;
        ThrowWhereItFails();
        return await store.StoreAsync(chunks, cancellationToken);
    }

    public ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        ThrowWhereItFails();
        return store.ProbeAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private void ThrowWhereItFails()
    {
        if (Fails)
        {
            throw new StoreUnavailableException("database or disk is full", new IOException("No space left on device"));
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
