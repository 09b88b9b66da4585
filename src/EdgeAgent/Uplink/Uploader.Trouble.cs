using System.Security.Cryptography;
using EdgeAgent.Batching;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;
using WireLossCause = EdgeAgent.Protocol.V1.LossCause;

namespace EdgeAgent.Uplink;

/// <content>What the uploader does when a session fails, and what it waits for.</content>
internal sealed partial class Uploader
{
    /// <summary>How soon an uploader that waits notices replaced certificate files, and that another lane is answered again.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private TimeSpan _backOffFor;
    private TimeSpan _askedFor;   // by the service; whatever happens, it is waited for
    private bool _isUnanswered;   // the service was not met, or did not answer: another lane may meet it first
    private string? _credentials; // the stamp of the files that the last connection was asked for with

    /// <summary>One step, and where it leads when it fails.</summary>
    private async Task<UploadState> StepAsync(CancellationToken waiting, CancellationToken stopping)
    {
        try
        {
            return await ActAsync(waiting, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return UploadState.Stopped;
        }
        catch (Exception gone) when (gone is SpoolBrokenException || (gone is ObjectDisposedException && _opened?.Spool.State is null or SpoolState.Closed))
        {
            // Whoever opens the spool again is the batcher.
            EndSessions();
            return UploadState.WithoutSpool;
        }
        catch (IOException unreadable)
        {
            // The spool's disk fails to read, or has no room for the mark or the ledger. All is where it was; a disk may come back.
            return BeginAnew($"The spool cannot be used: {unreadable.Message}");
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            // A lane that ends in silence would be a device that looks well and sends nothing. Nothing was forgotten.
            Log.Defect(logger, lane, State, defect);
            return BeginAnew(defect.Message);
        }
    }

    /// <summary>Back to the last durable point that is known here, after a while.</summary>
    private UploadState BeginAnew(string reason)
    {
        EndSessions();
        _next = _opened is null ? 0 : _queue.Released + 1;
        return BackOff(new SessionFailure(SessionFailureKind.Transient, 0, reason), _backoff.Next());
    }

    /// <summary>
    /// Both sessions are over; everything behind the last durable point is sent again, from where the service says it is.
    /// </summary>
    private UploadState Face(SessionFailure failure)
    {
        metrics.SessionsFailed.Add();
        InFlight inFlight = InFlight.Of(_previous, _current);
        EndSessions();
        FaceForLine(failure, inFlight);
        // Back to the last durable point that is known here.
        _next = _queue.Released + 1;
        switch (failure.Kind)
        {
            case SessionFailureKind.DictionaryUnknown when TryGoFurtherWithNames(failure, inFlight.NewestFirst):
                return UploadState.Waiting;
            case SessionFailureKind.RecordRefused when inFlight.Covers(failure.Sequence) && TrySetAside(failure.Sequence, isNamed: true):
                Log.RecordRefused(logger, lane, failure.Sequence, failure.Reason);
                return UploadState.Waiting;
            case SessionFailureKind.Foreign:
                Log.Diverged(logger, lane, _opened!.Spool.Id, failure.Sequence, _mayBeKnown);
                return UploadState.Diverged;
            // The service is there and answers; it has only to be followed. Unless it does nothing else.
            case SessionFailureKind.OutOfStep when _soundSince is not null:
            case SessionFailureKind.Rejected when TrySearch(failure, inFlight):
                return BackOff(failure, _backoff.Soon());
            case SessionFailureKind.OutOfStep:
                return BackOff(failure, _backoff.Next());
            case SessionFailureKind.TooMuch:
                SearchForLarge(failure, inFlight);
                _requested.OnLost();
                return BackOff(failure, _backoff.Next());
            case SessionFailureKind.Transient or SessionFailureKind.TimedOut:
                _requested.OnLost();
                return BackOff(failure, _backoff.Next());
            default:
                _requested.OnLost();
                _soundSince = null;
                WaitFor(failure, _backoff.Slow());
                Log.Refused(logger, lane, failure.Reason, _backOffFor);
                return UploadState.Refused;
        }
    }

    private UploadState BackOff(in SessionFailure failure, TimeSpan wait)
    {
        _soundSince = null;
        WaitFor(failure, wait);
        Log.Retrying(logger, lane, failure.Reason, _backOffFor);
        return UploadState.BackingOff;
    }

    private void WaitFor(in SessionFailure failure, TimeSpan wait)
    {
        connection.Journal.Failed(failure.Reason);
        _askedFor = _requested.Spread(failure.RetryAfter);
        _backOffFor = wait > _askedFor ? wait : _askedFor;
        _isUnanswered = failure.Kind is SessionFailureKind.Transient or SessionFailureKind.TimedOut;
    }

    private async Task<UploadState> BackOffAsync(CancellationToken waiting)
    {
        heart.Rest();
        (TimeSpan begun, long since) = (Now, time.GetTimestamp());
        // In steps, because a certificate that is replaced is what a refused device waits for; each look costs three calls of the kernel.
        for (TimeSpan left = _backOffFor; left > TimeSpan.Zero; left = begun + _backOffFor - Now)
        {
            await Task.Delay(WholeMilliseconds.Of(left < Look ? left : Look), time, waiting).ConfigureAwait(false);
            if (_isUnanswered && Now - begun >= _askedFor && health.HasRecoveredOther(lane, since))
            {
                // The connection is there already: nobody is spared by waiting on, and an alarm must not wait minutes longer than what is not one.
                Log.Answered(logger, lane);
                break;
            }
            if (_credentials is { } seen && seen != DeviceCredentials.Stamp(options))
            {
                Log.CredentialsReplaced(logger, lane);
                break;
            }
        }
        return _opened is null ? UploadState.WithoutSpool : UploadState.Waiting;
    }

    /// <summary>Nothing helps but another spool.</summary>
    private async Task<UploadState> StandAsideAsync(CancellationToken waiting)
    {
        heart.Rest();
        Guid diverged = _opened!.Spool.Id;
        OpenedSpool next = await slot.NextAsync(_opened, waiting).ConfigureAwait(false);
        Use(next);
        return next.Spool.Id == diverged ? UploadState.Diverged : UploadState.Waiting;
    }

    private void Use(OpenedSpool opened)
    {
        _opened = opened;
        _queue = opened.Spool[lane];
        _mayBeKnown = opened.TailAtOpen(lane);
        _next = _queue.Released + 1;
        _reader?.Dispose();
        _reader = _queue.OpenReader(_next);
    }

    /// <summary>Earlier processes sent nothing beyond what the spool held when it was opened, and this one knows what it sent.</summary>
    private bool IsForeign(ulong durableThrough) => durableThrough > _mayBeKnown;

    private void Release(ulong through)
    {
        switch (_queue.Release(through))
        {
            case ReleaseResult.AheadOfSpool:
                // Only what is committed is ever sent, so the disk has forgotten what it had promised to keep.
                throw new SessionFailedException(new SessionFailure(
                    SessionFailureKind.Foreign, through, $"The service has {through}, and the spool has committed no more than {_queue.Committed}."));
            case ReleaseResult.Released:
                OnAcknowledged();
                OnAcknowledgedForPoison(through);
                break;
        }
    }

    private IngestClient ConnectedClient()
    {
        _credentials = DeviceCredentials.Stamp(options);
        try
        {
            return connection.Client();
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Perhaps just being replaced; else somebody will read the log.
            throw new SessionFailedException(
                new SessionFailure(SessionFailureKind.Transient, 0, $"There is nothing to connect with: {unusable.Message}"), unusable);
        }
    }

    private UploadSession NewSession(CancellationToken stopping)
    {
        IngestClient client = ConnectedClient();
        try
        {
            TimeSpan begun = Now;
            return new UploadSession(client, _next, options, () => UntilStalled(begun), time, stopping);
        }
        catch (ObjectDisposedException givenUp)
        {
            // By another lane, in this moment. It must not be taken for a spool that was closed.
            throw new SessionFailedException(
                new SessionFailure(SessionFailureKind.Transient, 0, "The connection was given up before the session began."), givenUp);
        }
    }

    private void EndSessions()
    {
        _current?.Dispose();
        _previous?.Dispose();
        (_current, _previous) = (null, null);
    }

    /// <summary>Waits until there is something to send.</summary>
    /// <returns>False where the time is over, <paramref name="other"/> completed before, or the process is to finish.</returns>
    /// <exception cref="ObjectDisposedException">The spool was closed.</exception>
    private async Task<bool> IsMoreAsync(TimeSpan atMost, Task? other, CancellationToken stopping)
    {
        if (_queue.Committed >= _next)
        {
            return true;
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, _finishing);
        Task<bool> more = _queue.WaitForCommittedAsync(_next - 1, over.Token).AsTask();
        Task limit = atMost == Timeout.InfiniteTimeSpan ? more : Task.Delay(atMost, time, over.Token);
        await Task.WhenAny(more, limit, other ?? more).ConfigureAwait(false);
        if (!more.IsCompleted || more.IsCanceled)
        {
            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopping.ThrowIfCancellationRequested();
            return false;
        }
        await over.CancelAsync().ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(!await more.ConfigureAwait(false), _queue);
        return true;
    }

    /// <summary>Waits for one of them, whatever its outcome.</summary>
    private static Task<Task> FirstOfAsync(Task one, Task? other) => Task.WhenAny(one, other ?? one);

    private static WireLossCause Wire(LossCause cause) => cause switch
    {
        LossCause.Evicted => WireLossCause.Evicted,
        LossCause.Thinned => WireLossCause.Thinned,
        LossCause.Corrupt => WireLossCause.Corrupt,
        LossCause.DiskFull => WireLossCause.DiskFull,
        LossCause.Refused => WireLossCause.Refused,
        LossCause.Overflow => WireLossCause.Overflow,
        LossCause.Unwritten => WireLossCause.Unwritten,
        _ => WireLossCause.Unspecified,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Another lane is answered again: the {Lane} lane is tried at once.")]
        public static partial void Answered(ILogger logger, SpoolLane lane);

        [LoggerMessage(Level = LogLevel.Critical, Message = "The uploader of the {Lane} lane has a defect: it failed in state {State}, and begins anew. Please report this.")]
        public static partial void Defect(ILogger logger, SpoolLane lane, UploadState state, Exception defect);

        [LoggerMessage(Level = LogLevel.Warning, Message = "An upload session of the {Lane} lane failed and is tried again in {Wait}: {Reason}")]
        public static partial void Retrying(ILogger logger, SpoolLane lane, string reason, TimeSpan wait);

        [LoggerMessage(Level = LogLevel.Error, Message = "The service does not take the {Lane} lane's data. All is kept; it is asked again in {Wait}: {Reason}")]
        public static partial void Refused(ILogger logger, SpoolLane lane, string reason, TimeSpan wait);

        [LoggerMessage(Level = LogLevel.Information, Message = "The service does not know the series of the {Lane} lane; they are named again.")]
        public static partial void NamesWanted(ILogger logger, SpoolLane lane);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The service does not know a series of the {Lane} lane though all that this device can name was named. Records are sent one by one, to find the one that it means: {Reason}")]
        public static partial void NamesMissing(ILogger logger, SpoolLane lane, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Record {Sequence} of the {Lane} lane holds a series whose name is damaged on this device and unknown to the service. It is set aside: {Reason}")]
        public static partial void Nameless(ILogger logger, SpoolLane lane, ulong sequence, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "The service will never take record {Sequence} of the {Lane} lane. It is set aside: {Reason}")]
        public static partial void RecordRefused(ILogger logger, SpoolLane lane, ulong sequence, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The service rejects a session of the {Lane} lane without naming a record; it is looked for between {First} and {Last}: {Reason}")]
        public static partial void Searching(ILogger logger, SpoolLane lane, ulong first, ulong last, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "The service takes sessions of the {Lane} lane but never record {Sequence}. It is set aside.")]
        public static partial void PoisonFound(ILogger logger, SpoolLane lane, ulong sequence);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing of the {Lane} lane was acknowledged in time, {Count} times in a row: {Reason}")]
        public static partial void Stalled(ILogger logger, SpoolLane lane, int count, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The certificate files were replaced: the {Lane} lane asks again at once.")]
        public static partial void CredentialsReplaced(ILogger logger, SpoolLane lane);

        [LoggerMessage(
            Level = LogLevel.Critical,
            Message = "The service has record {Sequence} of the {Lane} lane of spool {Spool}, and this device has sent no more than {Known}. "
                + "The spool is a copy of another device's, or its disk forgot records. Nothing more is sent from it: "
                + "move it away, so that a new one is made, and export it.")]
        public static partial void Diverged(ILogger logger, SpoolLane lane, Guid spool, ulong sequence, ulong known);
    }
}
