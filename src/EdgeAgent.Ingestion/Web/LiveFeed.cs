using System.Collections.Concurrent;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Web;

/// <summary>
/// Passes the last readings of what was just stored on to those who watch. A watcher that is slow sees fewer, newer values;
/// nobody waits for it.
/// </summary>
internal sealed class LiveFeed
{
    // 32 pages open at once: an operator's desk, not the public.
    private const int MostWatchers = 32;

    private readonly ConcurrentDictionary<LiveWatcher, bool> _watchers = new();

    /// <returns>Null where enough are watching already.</returns>
    public LiveWatcher? Watch()
    {
        if (_watchers.Count >= MostWatchers)
        {
            return null;
        }
        var watcher = new LiveWatcher(this);
        _watchers[watcher] = true;
        return watcher;
    }

    public void Publish(IReadOnlyList<LatestReading> latest)
    {
        foreach ((LiveWatcher watcher, _) in _watchers)
        {
            watcher.Offer(latest);
        }
    }

    public void Leave(LiveWatcher watcher) => _watchers.TryRemove(watcher, out _);
}

/// <summary>What one watcher has not been told yet: the newest reading of each series that changed.</summary>
internal sealed class LiveWatcher(LiveFeed feed) : IDisposable
{
    // Beyond, the watcher is told to read everything again, which is cheaper.
    private const int MostSeries = 4_096;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private Dictionary<long, LatestReading> _untold = [];
    private bool _overflowed;
    private bool _left;

    public void Offer(IReadOnlyList<LatestReading> latest)
    {
        lock (_gate)
        {
            if (_left)
            {
                return;
            }
            foreach (LatestReading reading in latest)
            {
                if (_untold.Count >= MostSeries && !_untold.ContainsKey(reading.SeriesId))
                {
                    _overflowed = true;
                    break;
                }
                _untold[reading.SeriesId] = reading;
            }
            if (_news.CurrentCount == 0)
            {
                _news.Release();
            }
        }
    }

    /// <summary>Waits for news at most so long.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _news.WaitAsync(timeout, cancellationToken);

    /// <returns>Empty where nothing has changed; null where too much has to be told one by one.</returns>
    public IReadOnlyCollection<LatestReading>? Take()
    {
        lock (_gate)
        {
            Dictionary<long, LatestReading> told = _untold;
            bool overflowed = _overflowed;
            (_untold, _overflowed) = ([], false);
            return overflowed ? null : told.Values;
        }
    }

    public void Dispose()
    {
        feed.Leave(this);
        // Under the lock, because a publisher may hold this watcher still, and it must not fail because of a page that was closed.
        lock (_gate)
        {
            _left = true;
            _news.Dispose();
        }
    }
}
