namespace EdgeAgent.Ingestion.Configs;

/// <summary>A device that waits for what it should run: a few hundred bytes, without a thread and without a timer.</summary>
internal sealed class WatchingDevice : IDisposable
{
    private readonly CancellationTokenSource _ended;
    private volatile TaskCompletionSource _changed = New();
    private volatile bool _isSuperseded;

    /// <param name="device">Its name.</param>
    /// <param name="call">The call's end.</param>
    /// <param name="stopping">The service's.</param>
    public WatchingDevice(string device, CancellationToken call, CancellationToken stopping)
    {
        Device = device;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(call, stopping);
        Ended = _ended.Token;
    }

    public string Device { get; }

    /// <summary>The call or the service is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>The device has asked again, by another call.</summary>
    public bool IsSuperseded => _isSuperseded;

    /// <summary>Ends when there may be something new. Take it before looking, so that nothing is missed.</summary>
    public Task Changed => _changed.Task;

    public void Wake() => Interlocked.Exchange(ref _changed, New()).SetResult();

    public void Supersede()
    {
        _isSuperseded = true;
        Wake();
    }

    public void Dispose() => _ended.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
