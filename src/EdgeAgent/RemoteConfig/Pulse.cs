namespace EdgeAgent.RemoteConfig;

/// <summary>One waiter with a limit of time, many who wake it. A signal that comes while nobody waits is kept; several of them are one.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = New();

    public void Set() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>Back at the next signal, or after the time.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Timers count whole milliseconds up to some 49 days; nobody here waits longer than one.
        Task late = Task.Delay(longest, time, woken.Token);
        await Task.WhenAny(_next.Task, late).ConfigureAwait(false);
        await woken.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (_next.Task.IsCompleted)
        {
            // Before the waiter looks at what there is: a signal that comes later than this is kept for its next wait.
            Volatile.Write(ref _next, New());
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
