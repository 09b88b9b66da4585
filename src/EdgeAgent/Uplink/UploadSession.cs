using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Uplink;

/// <summary>
/// One upload session, which is one call: the opening, records and gaps, half-close, one receipt. Every step has a limit of time, and all of them together
/// what is left until the lane must have made progress; one that is passed ends the call, so that a peer that has silently gone, or only pretends to listen,
/// never holds anybody.
/// </summary>
/// <remarks>Every method throws <see cref="SessionFailedException"/> where the session is over.</remarks>
internal sealed class UploadSession : IDisposable
{
    /// <summary>What <see cref="UplinkOptions.WriteTimeout"/> is meant for. A larger message has more time, in proportion.</summary>
    private const int OrdinaryMessage = 64 * 1024;

    private readonly UplinkOptions _options;
    private readonly Func<TimeSpan> _untilStalled;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _stop;
    private readonly CancellationToken _stopping;
    private readonly AsyncClientStreamingCall<UploadFrame, UploadReceipt> _call;
    private readonly UploadFrame _frame = new();
    private TimeSpan _step = Timeout.InfiniteTimeSpan; // that the present step may take
    private long _stepBegan;

    /// <param name="client">What it goes over.</param>
    /// <param name="first">The sequence that it says it begins with.</param>
    /// <param name="options">The limits of time.</param>
    /// <param name="untilStalled">How long until the lane must have made progress.</param>
    /// <param name="time">For the limits.</param>
    /// <param name="stopping">Ends it.</param>
    public UploadSession(
        IngestClient client, ulong first, UplinkOptions options, Func<TimeSpan> untilStalled, TimeProvider time, CancellationToken stopping)
    {
        (_options, _untilStalled, _time, _stopping) = (options, untilStalled, time, stopping);
        (Client, First, Opened) = (client, first, time.GetTimestamp());
        _limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stop = stopping.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit);
        _call = client.Upload(_limit.Token);
        Receipt = ReceiveAsync();
    }

    public IngestClient Client { get; }

    /// <summary>The sequence that the session said it would begin with.</summary>
    public ulong First { get; }

    /// <summary>The last sequence that was sent or explained; 0 where none was.</summary>
    public ulong Last { get; private set; }

    /// <summary>Bytes of messages sent.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records and gaps that were sent, or begun.</summary>
    public int Messages { get; private set; }

    /// <summary>Bytes of the largest of them.</summary>
    public int LargestMessage { get; private set; }

    /// <summary>When, as a timestamp of the monotonic clock.</summary>
    public long Opened { get; }

    /// <summary>Completes with the receipt, or fails with <see cref="SessionFailedException"/>, whenever the call ends.</summary>
    public Task<UploadReceipt> Receipt { get; }

    /// <summary>When it was half-closed, on the clock since boot.</summary>
    public long HalfClosedAt { get; set; }

    /// <summary>The service knows what this device knows of its clocks.</summary>
    public bool IsClockExplained { get; set; }

    public bool Covers(ulong sequence) => sequence >= First && sequence <= Last;

    /// <summary>Opens the session and waits for what the service says at once.</summary>
    /// <param name="open">The first message.</param>
    /// <param name="finishing">The process ends: a service that is away gets only a quarter of its time.</param>
    public async Task<SessionHeaders> OpenAsync(SessionOpen open, CancellationToken finishing)
    {
        Limit(_options.ConnectTimeout);
        try
        {
            // By default 5 s, which is what a slow mobile link takes, and well below the 30 s that the host leaves.
            using CancellationTokenRegistration hurry = finishing.UnsafeRegister(
                static session => ((UploadSession)session!).Limit(((UploadSession)session)._options.ConnectTimeout / 4), this);
            await _call.RequestStream.WriteAsync(_frame.Hold(new UploadRequest { Open = open }), CancellationToken.None).ConfigureAwait(false);
            Metadata metadata = await _call.ResponseHeadersAsync.ConfigureAwait(false);
            if (!SessionHeaders.TryRead(metadata, out SessionHeaders headers))
            {
                // A service that refuses at once may do so in its first headers; then the status says more than their lack.
                await Receipt.ConfigureAwait(false);
                throw new SessionFailedException(new SessionFailure(
                    SessionFailureKind.Rejected, 0, "The answer lacks edge-durable-through: it does not come from an ingestion service."));
            }
            return headers;
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw Failed(failure);
        }
        finally
        {
            Limit(Timeout.InfiniteTimeSpan);
        }
    }

    public Task SendAsync(ulong sequence, ReadOnlyMemory<byte> stored) => SendAsync(_frame.Hold(sequence, stored), sequence);

    public Task SendAsync(Gap gap) => SendAsync(_frame.Hold(new UploadRequest { Gap = gap }), gap.To);

    public Task SendAsync(ClockReference reference) => SendAsync(_frame.Hold(new UploadRequest { ClockReference = reference }), Last);

    /// <summary>Half-closes. From now on the receipt has its time.</summary>
    /// <param name="onItsWay">What the bytes may take that were written and can still be on their way.</param>
    public async Task CompleteAsync(TimeSpan onItsWay)
    {
        Limit(_options.WriteTimeout);
        try
        {
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw Failed(failure);
        }
        Limit(_options.ReceiptTimeout + onItsWay);
    }

    /// <summary>The lane has made progress, perhaps by another session: the limit of the present step counts again, and only that.</summary>
    public void OnProgress() => Limit(_step == Timeout.InfiniteTimeSpan ? _step : _step - _time.GetElapsedTime(_stepBegan));

    /// <summary>Cancels the call where it is not over.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _call.Dispose();
        _limit.Dispose();
    }

    private async Task SendAsync(UploadFrame frame, ulong last)
    {
        Limit(_options.WriteTimeout * Math.Max(1, frame.Length / (double)OrdinaryMessage));
        (Messages, LargestMessage) = (Messages + 1, Math.Max(LargestMessage, frame.Length));
        try
        {
            await _call.RequestStream.WriteAsync(frame).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw Failed(failure);
        }
        finally
        {
            // Also where it failed: part of it may have arrived, and the service may mean just this record.
            Last = last;
            Limit(Timeout.InfiniteTimeSpan);
        }
        Bytes += frame.Length;
    }

    private async Task<UploadReceipt> ReceiveAsync()
    {
        try
        {
            return await _call.ResponseAsync.ConfigureAwait(false);
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw Failed(failure);
        }
    }

    /// <summary>InvalidOperationException is what a write gets on a call that has ended with a receipt before its half-close.</summary>
    private static bool IsFailure(Exception failure) =>
        failure is RpcException or InvalidOperationException or OperationCanceledException or IOException;

    private Exception Failed(Exception failure)
    {
        if (_stopping.IsCancellationRequested)
        {
            return new OperationCanceledException(failure.Message, failure, _stopping);
        }
        if (failure is RpcException { StatusCode: not StatusCode.Cancelled } answered)
        {
            return new SessionFailedException(SessionFailure.Of(answered), failure);
        }
        return failure switch
        {
            _ when _limit.IsCancellationRequested => new SessionFailedException(
                new SessionFailure(SessionFailureKind.TimedOut, 0, "The service did not answer in time."), failure),
            RpcException cancelled => new SessionFailedException(SessionFailure.Of(cancelled), failure),
            InvalidOperationException => new SessionFailedException(
                new SessionFailure(SessionFailureKind.OutOfStep, 0, "The service ended the session before the device did."), failure),
            _ => new SessionFailedException(new SessionFailure(SessionFailureKind.Transient, 0, failure.Message), failure),
        };
    }

    private void Limit(TimeSpan step)
    {
        if (_limit.IsCancellationRequested)
        {
            return;
        }
        (_step, _stepBegan) = (step, _time.GetTimestamp());
        TimeSpan stalled = _untilStalled();
        TimeSpan least = step == Timeout.InfiniteTimeSpan || stalled < step ? stalled : step;
        _limit.CancelAfter(least == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : WholeMilliseconds.Of(least));
    }
}
