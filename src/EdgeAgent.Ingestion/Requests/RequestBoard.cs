using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>
/// What this instance of the service knows of requests: which devices are waited for, and which sessions are here. One look at the database serves them
/// all, whenever somebody has changed it, and when a request is overdue.
/// </summary>
internal sealed partial class RequestBoard : IAsyncDisposable
{
    /// <summary>Where the database cannot be read: a moment, and again.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Changes that come in one moment are one look.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly ControlDatabase _control;
    private readonly TimeProvider _time;
    private readonly ILogger<RequestBoard> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RemoteSession> _sessions = new(StringComparer.Ordinal);
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _looking;
    private HashSet<string> _waited = [];
    private TaskCompletionSource _looked = NewLook();
    private long _seen;

    /// <inheritdoc cref="SessionBook(ControlDatabase, Func{ControlSession, string, bool}, TimeProvider)"/>
    public RequestBoard(ControlDatabase control, Func<ControlSession, string, bool> mayDrive, TimeProvider time, ILogger<RequestBoard> logger)
    {
        (_control, _time, _logger) = (control, time, logger);
        (Requests, Sessions) = (new RequestBook(control, mayDrive, time), new SessionBook(control, mayDrive, time));
        _timer = time.CreateTimer(static changed => ((ChangeSignal)changed!).Set(), _changed, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        control.Changed += _changed.Set;
        _changed.Set();
        _looking = Task.Run(LookAsync);
    }

    public RequestBook Requests { get; }

    public SessionBook Sessions { get; }

    /// <summary>Somebody waits for a session of this device.</summary>
    public bool IsWaitedFor(string device)
    {
        lock (_gate)
        {
            return _waited.Contains(device);
        }
    }

    /// <summary>Completes with the next look at the database. To be asked for before what is looked for.</summary>
    public Task NextLook()
    {
        lock (_gate)
        {
            return _looked.Task;
        }
    }

    /// <summary>A session is here now. An older one of its device ends.</summary>
    public void Enter(RemoteSession session)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(session.Device, out RemoteSession? other) && other.Number > session.Number)
            {
                session.Supersede();
                return;
            }
            other?.Supersede();
            _sessions[session.Device] = session;
        }
        session.Wake();
    }

    public void Leave(RemoteSession session)
    {
        lock (_gate)
        {
            if (_sessions.GetValueOrDefault(session.Device) == session)
            {
                _sessions.Remove(session.Device);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control.Changed -= _changed.Set;
        await _stopping.CancelAsync();
        await _looking;
        await _timer.DisposeAsync();
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewLook() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LookAsync()
    {
        try
        {
            while (await _changed.NextAsync(_stopping.Token))
            {
                await Task.Delay(Gather, _stopping.Token);
                try
                {
                    Look();
                }
                catch (StoreUnavailableException failure)
                {
                    Log.Unreadable(_logger, failure.Message);
                    _timer.Change(LookAgain, Timeout.InfiniteTimeSpan);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private void Look()
    {
        (List<string> waited, List<(string Device, long Number)> sessions, long? deadline) = _control.Read(session => (
            session.Query("SELECT DISTINCT device FROM remote_requests WHERE state = 'waiting'", static row => row.GetString(0)),
            session.Query("SELECT device, number FROM remote_sessions WHERE number > @seen", static row => (row.GetString(0), row.GetInt64(1)), ("seen", _seen)),
            session.Query(
                "SELECT MIN(deadline) FROM remote_requests WHERE state IN ('waiting', 'sent')", static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0))[0]));
        TaskCompletionSource looked;
        lock (_gate)
        {
            _waited = waited.ToHashSet(StringComparer.Ordinal);
            foreach ((string device, long number) in sessions)
            {
                _seen = Math.Max(_seen, number);
                if (_sessions.TryGetValue(device, out RemoteSession? here) && here.Number < number)
                {
                    here.Supersede();
                }
            }
            foreach (string device in waited)
            {
                _sessions.GetValueOrDefault(device)?.Wake();
            }
            (looked, _looked) = (_looked, NewLook());
        }
        looked.SetResult();
        if (deadline is { } next)
        {
            Await(next);
        }
    }

    private void Await(long deadline)
    {
        long left = deadline - _time.GetUtcNow().ToUnixNanoseconds();
        if (left <= 0)
        {
            Sessions.Expire();
            return;
        }
        // Rounded up, or it would look a moment too early and find nothing overdue.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left / 1e6)), Timeout.InfiniteTimeSpan);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Requests to devices cannot be read at present, and wait: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
