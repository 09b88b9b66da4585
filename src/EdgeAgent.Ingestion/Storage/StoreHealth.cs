namespace EdgeAgent.Ingestion.Storage;

/// <summary>Whether the store works, as its last use showed. Devices, health checks and the page ask here.</summary>
internal sealed class StoreHealth
{
    private volatile TaskCompletionSource _changed = New();
    private volatile bool _isServing = true;

    public bool IsServing => _isServing;

    /// <summary>Ends when <see cref="IsServing"/> changes. Take it before reading the state, so that no change is missed.</summary>
    public Task Changed => _changed.Task;

    /// <returns>True where this is news.</returns>
    public bool Report(bool isServing)
    {
        if (_isServing == isServing)
        {
            return false;
        }
        _isServing = isServing;
        Interlocked.Exchange(ref _changed, New()).SetResult();
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
