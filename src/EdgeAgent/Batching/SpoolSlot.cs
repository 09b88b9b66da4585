using EdgeAgent.Spooling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <summary>
/// A spool, and how far each lane reached when it was opened: nothing beyond that can have been sent by an earlier process.
/// </summary>
internal sealed record OpenedSpool(Spool Spool, ulong AlarmTail, ulong LiveTail, ulong BacklogTail)
{
    public ulong TailAtOpen(SpoolLane lane) => lane switch
    {
        SpoolLane.Alarm => AlarmTail,
        SpoolLane.Live => LiveTail,
        _ => BacklogTail,
    };

    /// <summary>Whether recovery has found what was appended to a lane of this spool under a sequence.</summary>
    public bool HasFound(Guid spool, SpoolLane lane, ulong sequence) => spool == Spool.Id && sequence <= Spool[lane].FoundAtOpen;
}

/// <summary>
/// Holds the spool that is open at present. A spool whose disk failed is closed and opened again, because only recovery can tell
/// what is on the disk; batcher and uplink then go on with the new one.
/// </summary>
internal sealed partial class SpoolSlot(SpoolOptions options, TimeProvider time, ILogger<SpoolSlot> logger) : IHostedService, IAsyncDisposable
{
    private readonly Lock _changing = new();
    private TaskCompletionSource _changed = NewChange();
    private OpenedSpool? _current;
    private IOException? _obstacle;

    public string Folder { get; } = options.Path;

    public int MaximumPayloadBytes { get; } = options.MaximumPayloadBytes;

    /// <exception cref="InvalidOperationException">Not started, or stopped.</exception>
    public OpenedSpool Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("The spool is not open.");

    /// <summary>Memory may hold what was committed.</summary>
    public bool MayHold { get; } = options.Durability == SpoolDurability.OfflineOnly;

    /// <summary>Null where there is none at present.</summary>
    public OpenedSpool? Opened => Volatile.Read(ref _current);

    public bool IsOpen => Opened is not null;

    /// <summary>Why the spool could not be opened the last time; null where it could.</summary>
    public IOException? Obstacle => Volatile.Read(ref _obstacle);

    /// <summary>
    /// Opens the spool. Recovery happens here, before any source starts. Where it cannot be opened the agent starts all the same, in memory,
    /// and the batcher goes on trying: a service that ends itself again and again mends no disk.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Open();
        }
        catch (IOException obstacle) when (obstacle == Obstacle)
        {
            // The batcher asks for it.
        }
        return Task.CompletedTask;
    }

    /// <summary>Closes the broken spool and opens it again, recovery included.</summary>
    /// <exception cref="IOException">The disk still does not work. There is no spool until a later call succeeds.</exception>
    public async ValueTask<OpenedSpool> ReopenAsync()
    {
        if (Interlocked.Exchange(ref _current, null) is { } broken)
        {
            await CloseAsync(broken.Spool).ConfigureAwait(false);
        }
        return Open();
    }

    /// <summary>Completes when another spool than <paramref name="seen"/> is open.</summary>
    public async ValueTask<OpenedSpool> NextAsync(OpenedSpool? seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_changing)
            {
                if (_current is { } current && current != seen)
                {
                    return current;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync().ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _current, null) is { } last)
        {
            await CloseAsync(last.Spool).ConfigureAwait(false);
        }
    }

    private OpenedSpool Open()
    {
        Spool spool;
        try
        {
            spool = Spool.Open(options, time, BootId.Current);
            _obstacle = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw _obstacle = failure as IOException ?? new IOException(failure.Message, failure);
        }
        var opened = new OpenedSpool(spool, spool[SpoolLane.Alarm].Tail, spool[SpoolLane.Live].Tail, spool[SpoolLane.Backlog].Tail);
        Log.Opened(logger, options.Path, spool.Id, spool.Recovery);
        TaskCompletionSource changed;
        lock (_changing)
        {
            _current = opened;
            (changed, _changed) = (_changed, NewChange());
        }
        changed.SetResult();
        return opened;
    }

    private async ValueTask CloseAsync(Spool spool)
    {
        try
        {
            await spool.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotClosed(logger, options.Path, failure);
        }
        if (spool[SpoolLane.Live].ItemsNotWritten is > 0 and var readings)
        {
            Log.NotWritten(logger, options.Path, readings);
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The spool {Path} is open, id {Id}: {Recovery}.")]
        public static partial void Opened(ILogger logger, string path, Guid id, RecoveryReport recovery);

        [LoggerMessage(Level = LogLevel.Error, Message = "The spool {Path} could not take {Readings} readings that were in memory. Those that the cloud has not got, and nobody sends again, are lost.")]
        public static partial void NotWritten(ILogger logger, string path, ulong readings);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The spool {Path} could not be closed in order; recovery will find what is there.")]
        public static partial void NotClosed(ILogger logger, string path, Exception failure);
    }
}
