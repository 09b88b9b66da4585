using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>
/// Sends one lane of the spool in sessions. Everything is one position in the lane's sequence, <c>_next</c>: it runs ahead with what is
/// sent, and falls back to what the service has when a session fails. Nothing is released but by the service's word. While the receipt of
/// one session is awaited the next one is open already; more than these two there never are.
/// </summary>
internal sealed partial class Uploader(
    SpoolLane lane,
    SpoolSlot slot,
    UplinkConnection connection,
    SessionOpening opening,
    SendGate gate,
    UplinkOptions options,
    UplinkHealth health,
    Heartbeat heart,
    TimeProvider time,
    Random random,
    AgentMetrics metrics,
    ILogger logger) : IDisposable
{
    private readonly Backoff _backoff = new(options.BackoffFirst, options.BackoffLast, random);
    private readonly RequestedWait _requested = new(random);
    private readonly LineEstimate _line = new(options.SessionBytes);
    private readonly ProgressWatchdog _watchdog = new(options.ProgressTimeout + options.SessionTime);
    private readonly long _origin = time.GetTimestamp();
    private OpenedSpool? _opened;
    private SpoolQueue _queue = null!; // set by the first state, as is the reader
    private SpoolReader _reader = null!;
    private UploadSession? _current;
    private UploadSession? _previous;
    private ulong _next;
    private ulong _mayBeKnown;         // no sequence beyond this one can have been sent by this spool's device
    private ulong _sessionEnd;         // the last sequence that the newest session may send
    private bool _isTurnedAway;        // the lane may not send for a while
    private CancellationToken _finishing;
    private int _state;

    /// <summary>For the diagnostics page and for tests.</summary>
    public UploadState State
    {
        get => (UploadState)Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, (int)value);
    }

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>The process ends, and there is no end to a backlog: what is on its way is waited for, no more.</summary>
    private bool IsToEnd => lane == SpoolLane.Backlog && _finishing.IsCancellationRequested;

    /// <param name="finishing">From then on nothing is waited for but receipts: what is committed is sent, and a service that is away is not tried again.</param>
    /// <param name="stopping">From then on nothing is waited for at all.</param>
    public async Task RunAsync(CancellationToken finishing, CancellationToken stopping)
    {
        _finishing = finishing;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(finishing, stopping);
        try
        {
            // Whoever ends at once is not kept from sending what is there.
            await Task.Delay(options.StartSpread * random.NextDouble(), time, waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (State != UploadState.Stopped)
            {
                heart.Turn(Patience());
                State = await StepAsync(waiting.Token, stopping).ConfigureAwait(false);
            }
            heart.Rest();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was not receipted is still in the spool.
            heart.Rest();
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        EndSessions();
        _reader?.Dispose();
    }

    private async Task<UploadState> ActAsync(CancellationToken waiting, CancellationToken stopping)
    {
        try
        {
            return State switch
            {
                UploadState.WithoutSpool => await FindSpoolAsync(waiting).ConfigureAwait(false),
                UploadState.Waiting => await WaitAsync(stopping).ConfigureAwait(false),
                UploadState.Opening => await OpenAsync(stopping).ConfigureAwait(false),
                UploadState.Streaming => await StreamAsync(stopping).ConfigureAwait(false),
                UploadState.AwaitingReceipt => await AwaitReceiptAsync().ConfigureAwait(false),
                UploadState.BackingOff or UploadState.Refused => await BackOffAsync(waiting).ConfigureAwait(false),
                UploadState.Diverged => await StandAsideAsync(waiting).ConfigureAwait(false),
                _ => throw new InvalidOperationException($"The uploader has no state {State}."),
            };
        }
        catch (SessionFailedException failed)
        {
            return Face(failed.Failure);
        }
    }

    private async Task<UploadState> FindSpoolAsync(CancellationToken waiting)
    {
        heart.Rest();
        Use(await slot.NextAsync(_opened, waiting).ConfigureAwait(false));
        return UploadState.Waiting;
    }

    private async Task<UploadState> WaitAsync(CancellationToken stopping)
    {
        if (_previous is not null && (IsOneAtATime || _previous.Receipt.IsCompleted))
        {
            await TakeReceiptAsync().ConfigureAwait(false);
            return UploadState.Waiting;
        }
        TimeSpan pause = _requested.Left(Now);
        if (_finishing.IsCancellationRequested && (IsToEnd || pause > TimeSpan.Zero || _queue.Committed < _next || gate.IsHeld(lane)))
        {
            if (_previous is null)
            {
                return UploadState.Stopped;
            }
            await FirstOfAsync(_previous.Receipt, null).ConfigureAwait(false);
            return UploadState.Waiting;
        }
        if (_previous is null && (pause > TimeSpan.Zero || _queue.Committed < _next))
        {
            _watchdog.Rest();
        }
        heart.Rest();
        if (pause > TimeSpan.Zero)
        {
            await FirstOfAsync(Task.Delay(WholeMilliseconds.Of(pause), time, stopping), _previous?.Receipt).ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
            return UploadState.Waiting;
        }
        if (!await IsMoreAsync(Timeout.InfiniteTimeSpan, _previous?.Receipt, stopping).ConfigureAwait(false))
        {
            return UploadState.Waiting;
        }
        // A turn that is near is still waited for when the process is to finish; then it is asked for again.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, _finishing.IsCancellationRequested ? default : _finishing);
        Task turn = gate.TurnAsync(lane, over.Token);
        if (_previous is null && !turn.IsCompleted)
        {
            _watchdog.Rest();
        }
        await FirstOfAsync(turn, _previous?.Receipt).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
        return turn.IsCompletedSuccessfully ? UploadState.Opening : UploadState.Waiting;
    }

    private async Task<UploadState> OpenAsync(CancellationToken stopping)
    {
        // While a session before this one is not stored yet, the service's watermark may lag behind where this one begins.
        bool isFollowing = _previous is not null;
        _watchdog.Expect(Now);
        (_names, _lastRecord) = (NamesForNextSession(), 0);
        _current = NewSession(stopping);
        metrics.SessionsOpened.Add();
        long askedAt = opening.Clock.BootNanoseconds;
        SessionHeaders headers = await _current.OpenAsync(opening.For(lane, _opened!, _next, _names), _finishing).ConfigureAwait(false);
        HearTime(headers, askedAt);
        connection.Hear(headers);
        gate.Limit(headers.BytesPerSecond);
        if (IsForeign(headers.DurableThrough))
        {
            throw new SessionFailedException(new SessionFailure(
                SessionFailureKind.Foreign, headers.DurableThrough, "The service has a sequence that was never sent."));
        }
        Release(headers.DurableThrough);
        if (headers.DurableThrough + 1 < _next && !isFollowing)
        {
            // The service has less than this session promised to follow on: it lost something. Begin where it really is.
            EndSessions();
            _next = headers.DurableThrough + 1;
            return UploadState.Opening;
        }
        _next = Math.Max(_next, headers.DurableThrough + 1);
        _reader.Seek(_next);
        _search.Reach(_next);
        _sessionEnd = Math.Min(_search.LastFor(_next), _names?.Through ?? ulong.MaxValue);
        bool isToWait = lane == SpoolLane.Backlog && _requested.AskStart(Now, headers.BacklogStartAfter);
        return isToWait || _search.Stage == PoisonStage.Comparing ? await HalfCloseAsync().ConfigureAwait(false) : UploadState.Streaming;
    }

    private async Task<UploadState> StreamAsync(CancellationToken stopping)
    {
        UploadSession session = _current!;
        _isTurnedAway = false;
        TimeSpan end = Now + options.SessionTime;
        TimeSpan drainedEnd = lane == SpoolLane.Backlog ? end : Now + options.LiveSessionTime;
        while (session.Bytes < _line.SessionBytes && Now < end && _next <= _sessionEnd && !IsToEnd)
        {
            heart.Turn(Patience());
            if (_previous is { Receipt.IsCompleted: true })
            {
                await TakeReceiptAsync().ConfigureAwait(false);
            }
            if (session.Receipt.IsCompleted)
            {
                await session.Receipt.ConfigureAwait(false);
                throw new SessionFailedException(
                    new SessionFailure(SessionFailureKind.OutOfStep, 0, "The service ended the session before the device did."));
            }
            if (await SendNextAsync(session, stopping).ConfigureAwait(false))
            {
                if (_naming != Naming.OneByOne)
                {
                    continue;
                }
                break;
            }
            if (_isTurnedAway)
            {
                break;
            }
            TimeSpan left = (drainedEnd < end ? drainedEnd : end) - Now;
            TimeSpan linger = left < TimeSpan.Zero ? TimeSpan.Zero : left < options.SessionLinger ? left : options.SessionLinger;
            if (!await IsMoreAsync(linger, session.Receipt, stopping).ConfigureAwait(false) && !session.Receipt.IsCompleted)
            {
                break;
            }
        }
        return await HalfCloseAsync().ConfigureAwait(false);
    }

    /// <returns>False where nothing is left to send, or it has to wait outside.</returns>
    private async Task<bool> SendNextAsync(UploadSession session, CancellationToken stopping)
    {
        if (_next <= _queue.Released)
        {
            // The service had confirmed these, and has them no longer; neither has the spool.
            await SendGapAsync(session, new Gap { From = _next, To = _queue.Released, Cause = Protocol.V1.LossCause.Released }).ConfigureAwait(false);
            _reader.Seek(_next);
            return true;
        }
        switch (_reader.Read(out SpoolRecord record))
        {
            case ReadResult.Record:
                _isTurnedAway = !await gate.EnterAsync(lane, record.Payload.Length, stopping).ConfigureAwait(false);
                if (_isTurnedAway)
                {
                    // The next session begins with this record.
                    return false;
                }
                _mayBeKnown = Math.Max(_mayBeKnown, record.Sequence);
                _lastRecord = record.Sequence;
                try
                {
                    await ExplainClockAsync(session, record).ConfigureAwait(false);
                    await session.SendAsync(record.Sequence, record.Payload).ConfigureAwait(false);
                }
                finally
                {
                    gate.Leave(lane);
                }
                _next = record.Sequence + 1;
                _queue.MarkSent(record.Sequence);
                metrics.RecordsSent.Add();
                return true;
            case ReadResult.Gap:
                SpoolGap gap = _reader.Gap;
                await SendGapAsync(session, new Gap { From = gap.From, To = gap.To, Readings = gap.Items, Cause = Wire(gap.Cause) }).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    private async Task SendGapAsync(UploadSession session, Gap gap)
    {
        _mayBeKnown = Math.Max(_mayBeKnown, gap.To);
        await session.SendAsync(gap).ConfigureAwait(false);
        _next = gap.To + 1;
        _queue.MarkSent(gap.To);
        metrics.GapsSent.Add();
    }

    private async Task<UploadState> HalfCloseAsync()
    {
        _current!.HalfClosedAt = opening.Clock.BootNanoseconds;
        await _current.CompleteAsync(OnItsWay()).ConfigureAwait(false);
        if (_previous is not null)
        {
            return UploadState.AwaitingReceipt;
        }
        (_previous, _current) = (_current, null);
        return UploadState.Waiting;
    }

    private async Task<UploadState> AwaitReceiptAsync()
    {
        await TakeReceiptAsync().ConfigureAwait(false);
        (_previous, _current) = (_current, null);
        return UploadState.Waiting;
    }

    /// <summary>Waits for the receipt of the session before the current one, and lets go what it confirms.</summary>
    private async Task TakeReceiptAsync()
    {
        UploadSession session = _previous!;
        UploadReceipt receipt = await session.Receipt.ConfigureAwait(false);
        if (IsForeign(receipt.DurableThrough))
        {
            throw new SessionFailedException(new SessionFailure(
                SessionFailureKind.Foreign, receipt.DurableThrough, "The receipt names a sequence that was never sent."));
        }
        HearTime(session, receipt);
        Release(receipt.DurableThrough);
        if (receipt.DurableThrough < session.Last)
        {
            throw new SessionFailedException(new SessionFailure(
                SessionFailureKind.OutOfStep, 0, $"The receipt goes through {receipt.DurableThrough} only, and {session.Last} was sent."));
        }
        _next = Math.Max(_next, receipt.DurableThrough + 1);
        _previous = null;
        session.Dispose();
        OnReceiptForLine(session);
        OnReceiptForNames();
        OnReceiptForPoison(session);
        gate.Limit(receipt.RateBytesPerSecond);
        _requested.Ask(Now, RequestedWait.Bounded(receipt.RetryAfterMilliseconds));
        metrics.ReadingsAcknowledged.Add((long)receipt.ReadingsStored);
        connection.Confirm(new Confirmation(lane, receipt.DurableThrough, session.Client));
    }
}
