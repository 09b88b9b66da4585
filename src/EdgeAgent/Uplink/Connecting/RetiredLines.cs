namespace EdgeAgent.Uplink.Connecting;

/// <summary>Lines that no new session is opened on. Each is closed when its sessions are over.</summary>
internal sealed class RetiredLines : IDisposable
{
    /// <summary>
    /// Beyond that the oldest one is closed with what is on it, which is sent again: sessions are bounded by minutes, so that many lines within their time
    /// are a sign of lines that do not work.
    /// </summary>
    public const int Most = 4;

    /// <summary>Longer than it takes from being handed a client to opening a session with it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<ServiceLine> _lines = [];
    private readonly ITimer _timer;

    public RetiredLines(TimeProvider time)
    {
        _timer = time.CreateTimer(static retired => ((RetiredLines)retired!).CloseIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    public void Add(ServiceLine line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            if (_lines.Count > Most)
            {
                _lines[0].Dispose();
                _lines.RemoveAt(0);
            }
            _timer.Change(Look, Look);
        }
    }

    /// <summary>Closes the line of a client on which nothing passes, where it is one of these.</summary>
    public void Abandon(IngestClient dead)
    {
        lock (_gate)
        {
            Close(line => line.Client == dead);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer.Dispose();
            _lines.ForEach(static line => line.Dispose());
            _lines.Clear();
        }
    }

    private void CloseIdle()
    {
        lock (_gate)
        {
            Close(static line => !line.HasCalls);
            if (_lines.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Close(Predicate<ServiceLine> which)
    {
        _lines.FindAll(which).ForEach(static line => line.Dispose());
        _lines.RemoveAll(which);
    }
}
