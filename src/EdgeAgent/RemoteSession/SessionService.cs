using System.Security.Cryptography;
using EdgeAgent.Diagnostics;
using EdgeAgent.Uplink;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteSession;

/// <summary>
/// Keeps one session open, so that the service can ask; on a metered line only while somebody wants to. It has nothing to do with readings: whatever happens
/// here, they go on.
/// </summary>
internal sealed partial class SessionService : BackgroundService
{
    /// <summary>On a metered line: so long after the last answer somebody may ask again for free.</summary>
    private static readonly TimeSpan MeteredLinger = TimeSpan.FromMinutes(1);

    /// <summary>On a metered line it is opened so often all the same: where nothing is uploaded there are no hints.</summary>
    private static readonly TimeSpan MeteredEvery = TimeSpan.FromDays(1);

    /// <summary>A session that lasted this long was a good one, and the next failure is a first one.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    private readonly ControlConnection _connection;
    private readonly UplinkConnection _uplink;
    private readonly RequestDesk _desk;
    private readonly UplinkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionService> _logger;
    private readonly Backoff _backoff;
    private readonly SemaphoreSlim _wanted = new(0);
    private SessionCall? _call;
    private TimeSpan _pause;
    private SessionFailureKind? _told;
    private int _state;

    public SessionService(
        ControlConnection connection, UplinkConnection uplink, RequestDesk desk, UplinkOptions options, TimeProvider time, ILogger<SessionService> logger)
    {
        (_connection, _uplink, _desk, _options, _time, _logger) = (connection, uplink, desk, options, time, logger);
        _backoff = new Backoff(options.BackoffFirst, options.BackoffLast, Random.Shared);
        // From the beginning: the first upload may hint before this runs.
        _uplink.Opened += OnOpened;
    }

    /// <summary>For the diagnostics page and for tests.</summary>
    public SessionState State
    {
        get => (SessionState)Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, (int)value);
    }

    private bool IsMetered => _options.Profile == LineProfile.Metered;

    public override void Dispose()
    {
        _uplink.Opened -= OnOpened;
        _call?.Dispose();
        base.Dispose();
        _wanted.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(_options.StartSpread * Random.Shared.NextDouble(), _time, stoppingToken).ConfigureAwait(false);
            State = IsMetered ? SessionState.Resting : SessionState.Opening;
            while (true)
            {
                State = State switch
                {
                    SessionState.Resting => await RestAsync(stoppingToken).ConfigureAwait(false),
                    SessionState.Opening => await FacingAsync(OpenAsync, stoppingToken).ConfigureAwait(false),
                    SessionState.Open => await FacingAsync(HoldAsync, stoppingToken).ConfigureAwait(false),
                    SessionState.BackingOff => await BackOffAsync(stoppingToken).ConfigureAwait(false),
                    _ => throw new InvalidOperationException($"The session has no state {State}."),
                };
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
        finally
        {
            _call?.Dispose();
        }
    }

    private void OnOpened(SessionHeaders headers)
    {
        if (headers.IsSessionWanted)
        {
            _wanted.Release();
        }
    }

    /// <summary>What was heard before is served by the session that begins or that was.</summary>
    private void Forget()
    {
        while (_wanted.Wait(0))
        {
        }
    }

    private async Task<SessionState> RestAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(_wanted.WaitAsync(over.Token), Task.Delay(MeteredEvery, _time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
        return SessionState.Opening;
    }

    private async Task<SessionState> OpenAsync(CancellationToken stopping)
    {
        Forget();
        _call = new SessionCall(_connection.Client(), _desk, _options, _time);
        await _call.OpenAsync(AgentVersion.Value, stopping).ConfigureAwait(false);
        Log.Open(_logger);
        _told = null;
        return SessionState.Open;
    }

    private async Task<SessionState> HoldAsync(CancellationToken stopping)
    {
        SessionOutcome outcome = await _call!.RunAsync(IsMetered ? MeteredLinger : Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
        End();
        if (outcome == SessionOutcome.Violated)
        {
            Log.Violated(_logger);
            _pause = _backoff.Slow();
            return SessionState.BackingOff;
        }
        Forget();
        _pause = _backoff.Soon();
        return IsMetered ? SessionState.Resting : SessionState.BackingOff;
    }

    private async Task<SessionState> BackOffAsync(CancellationToken stopping)
    {
        await Task.Delay(WholeMilliseconds.Of(_pause), _time, stopping).ConfigureAwait(false);
        return SessionState.Opening;
    }

    private async Task<SessionState> FacingAsync(Func<CancellationToken, Task<SessionState>> step, CancellationToken stopping)
    {
        try
        {
            return await step(stopping).ConfigureAwait(false);
        }
        catch (RpcException failure) when (!stopping.IsCancellationRequested)
        {
            return Face(SessionFailure.Of(failure));
        }
        catch (TimeoutException)
        {
            if (_call is { } dead)
            {
                _connection.Abandon(dead.Client);
            }
            return Face(new SessionFailure(SessionFailureKind.TimedOut, 0, "Nobody answered in time."));
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Face(new SessionFailure(SessionFailureKind.NotAllowed, 0, unusable.Message));
        }
    }

    private SessionState Face(in SessionFailure failure)
    {
        End();
        bool isLasting = failure.Kind is SessionFailureKind.NotServed or SessionFailureKind.NotAllowed or SessionFailureKind.OutOfStep;
        TimeSpan pause = isLasting ? _backoff.Slow() : _backoff.Next();
        _pause = pause > failure.RetryAfter ? pause : failure.RetryAfter;
        if (isLasting && _told != failure.Kind)
        {
            // Once, and not each few minutes.
            _told = failure.Kind;
            Log.NotLetIn(_logger, failure.Reason);
        }
        else
        {
            Log.Failed(_logger, failure.Reason, _pause);
        }
        return SessionState.BackingOff;
    }

    private void End()
    {
        // Only one that was let in proves anything: an attempt may take its time, too, and in a leap of the clock all the time there is.
        if (State == SessionState.Open && _call?.Age >= Stable)
        {
            _backoff.Reset();
        }
        _call?.Dispose();
        _call = null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The service can ask this device.")]
        public static partial void Open(ILogger logger);

        [LoggerMessage(LogLevel.Debug, "The session for requests ended; the next one begins after {Pause}: {Reason}")]
        public static partial void Failed(ILogger logger, string reason, TimeSpan pause);

        [LoggerMessage(LogLevel.Warning, "The service cannot ask this device at present. Readings go on; it is tried again every few minutes: {Reason}")]
        public static partial void NotLetIn(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "The service asked too much at once, or something too large. The session was ended, and begins again in some minutes.")]
        public static partial void Violated(ILogger logger);
    }
}
