using System.Threading.Channels;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Supervision;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>
/// The one writer. Sessions hand over chunks and wait; whatever has gathered while the last transaction was synced goes into
/// the next one, so that an fsync is shared by all who wait for it and a lone session never waits for company.
/// </summary>
internal sealed partial class StoreQueue : IAsyncDisposable
{
    // A group is bounded, so that its first member does not wait for ever: a quarter of a million rows are under a second.
    private const int GroupReadings = 262_144;

    /// <summary>For a transaction, or for being told that there is none: longer than a database takes to fail by its own limits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly IReadingStore _store;
    private readonly IngestOptions _options;
    private readonly StoreHealth _health;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreQueue> _logger;
    private readonly Heartbeat _heart;
    private readonly Channel<Pending> _pending;
    private readonly List<Pending> _group = [];
    private readonly List<SourceChunk> _chunks = [];
    private readonly Task _pump;
    private volatile TaskCompletionSource _stored = New();

    public StoreQueue(
        IReadingStore store, IngestOptions options, StoreHealth health, IngestMetrics metrics, TimeProvider time,
        Heartbeats hearts, ILogger<StoreQueue> logger)
    {
        (_store, _options, _health, _metrics, _time, _logger) = (store, options, health, metrics, time, logger);
        _heart = hearts.Add("the writer of the store", Patience);
        _pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>After each chunk that was stored, on the writer's task: must be quick and must not throw.</summary>
    public event Action<IReadOnlyList<LatestReading>>? Stored;

    /// <summary>Ends with the next transaction. Take it before reading a watermark, so that no move is missed.</summary>
    public Task NextStored => _stored.Task;

    /// <summary>Queues the chunk and waits until it is durable or known not to be. Leave the chunk alone meanwhile.</summary>
    /// <returns>Null where there was no place in the queue within the time: the service is overloaded.</returns>
    public async Task<StoreResult?> StoreAsync(SourceChunk chunk)
    {
        chunk.ReceivedUnixNanoseconds = _time.GetUtcNow().ToUnixNanoseconds();
        var pending = new Pending(chunk);
        if (!_pending.Writer.TryWrite(pending))
        {
            using var wait = new CancellationTokenSource(_options.QueueWait, _time);
            try
            {
                await _pending.Writer.WriteAsync(pending, wait.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (ChannelClosedException)
            {
                return StoreResult.Failed();
            }
        }
        return await pending.Result.Task;
    }

    /// <summary>Stores what is queued and ends. Stop the sessions first.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _pump;
    }

    private async Task PumpAsync()
    {
        while (await WaitForWorkAsync())
        {
            Gather();
            if (_group.Count > 0)
            {
                await StoreGroupAsync();
            }
        }
    }

    /// <summary>
    /// While the store fails it is tried on its own too, because devices that back off bring no work that would show its
    /// recovery.
    /// </summary>
    private async Task<bool> WaitForWorkAsync()
    {
        Task<bool> work = _pending.Reader.WaitToReadAsync().AsTask();
        while (!_health.IsServing)
        {
            try
            {
                return await work.WaitAsync(_options.StoreProbe, _time);
            }
            catch (TimeoutException)
            {
                await TryAsync(() => _store.ProbeAsync(CancellationToken.None).AsTask());
            }
        }
        return await work;
    }

    private void Gather()
    {
        _group.Clear();
        int readings = 0;
        while (readings < GroupReadings && _pending.Reader.TryRead(out Pending? next))
        {
            readings += next.Chunk.Readings.Count;
            _group.Add(next);
        }
    }

    private async Task StoreGroupAsync()
    {
        if (!await TryStoreAsync(_group))
        {
            // Perhaps one of them is to blame, and the others shall not suffer for it.
            foreach (Pending single in _group)
            {
                if (_group.Count == 1 || !await TryStoreAsync([single]))
                {
                    single.Result.SetResult(StoreResult.Failed());
                }
            }
        }
        Interlocked.Exchange(ref _stored, New()).SetResult();
    }

    private async Task<bool> TryStoreAsync(List<Pending> group)
    {
        _chunks.Clear();
        _chunks.AddRange(group.Select(pending => pending.Chunk));
        IReadOnlyList<StoreResult> results = [];
        long started = _time.GetTimestamp();
        if (!await TryAsync(async () => results = await _store.StoreAsync(_chunks, CancellationToken.None)))
        {
            return false;
        }
        _metrics.Transaction(_time.GetElapsedTime(started), group.Count);
        for (int i = 0; i < group.Count; i++)
        {
            if (results[i].Outcome == StoreOutcome.Stored)
            {
                _metrics.Stored(group[i].Chunk);
                Stored?.Invoke(results[i].Latest);
            }
            group[i].Result.SetResult(results[i]);
        }
        return true;
    }

    /// <summary>The pump must outlive whatever the store does, so every failure ends here, in the health and in the log.</summary>
    private async Task<bool> TryAsync(Func<Task> use)
    {
        _heart.Turn();
        try
        {
            await use();
            if (_health.Report(isServing: true))
            {
                Log.Recovered(_logger);
            }
            return true;
        }
        catch (StoreUnavailableException failure)
        {
            _metrics.StoreFailed();
            if (_health.Report(isServing: false))
            {
                Log.Failing(_logger, failure.Message, _options.StoreProbe.TotalSeconds);
            }
            return false;
        }
        catch (Exception failure)
        {
            _metrics.StoreFailed();
            Log.Unexpected(_logger, failure);
            return false;
        }
        finally
        {
            _heart.Rest();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Pending(SourceChunk Chunk)
    {
        public TaskCompletionSource<StoreResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The store cannot write: {Message}. Devices are told UNAVAILABLE and keep their data; it is tried again every {Seconds} s.")]
        public static partial void Failing(ILogger logger, string message, double seconds);

        [LoggerMessage(LogLevel.Warning, "The store writes again.")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Storing failed in a way that is not the disk's fault. The devices keep the data and try again.")]
        public static partial void Unexpected(ILogger logger, Exception failure);
    }
}
