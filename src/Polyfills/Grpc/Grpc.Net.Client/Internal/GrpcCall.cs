using Grpc.Core;
using Grpc.Net.Protocol;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// What is the same for calls of all types: how a call ends. A call ends once, by whatever comes first: the server's trailers, an error of
/// the transport, the deadline, the caller's token, Dispose, or the end of the channel. All the rest (headers, response, streams) then
/// completes with that end, and the HTTP stream is reset unless both sides had finished.
/// </summary>
internal abstract partial class GrpcCall : IDisposable
{
    public static readonly Func<object, Task<Metadata>> HeadersOf = call => ((GrpcCall)call)._headers.Task;
    public static readonly Func<object, Status> StatusOf = call => ((GrpcCall)call).RequireEnd().Status;
    public static readonly Func<object, Metadata> TrailersOf = call => ((GrpcCall)call).RequireEnd().Trailers;
    public static readonly Action<object> DisposeOf = call => ((GrpcCall)call).Dispose();

    private readonly TaskCompletionSource<CallEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abort = new();
    private CancellationTokenRegistration _callerToken;
    private CancellationTokenRegistration _channelToken;
    private DeadlineTimer? _deadline;
    private HttpResponseMessage? _response;

    protected GrpcCall(GrpcChannel channel, IMethod method, CallOptions options)
    {
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MinValue && deadline != DateTime.MaxValue)
        {
            throw new InvalidOperationException("A deadline is a UTC time (DateTimeKind.Utc).");
        }
        Channel = channel;
        Method = method;
        Options = options;
    }

    public GrpcChannel Channel { get; }

    public IMethod Method { get; }

    public CallOptions Options { get; }

    /// <summary>Cancelled when the call ended, however it did.</summary>
    public CancellationToken Ended => _abort.Token;

    public Task<CallEnd> End => _end.Task;

    /// <summary>The HTTP response, once its headers are there.</summary>
    protected HttpResponseMessage? Response => Volatile.Read(ref _response);

    public void Dispose() => Cancel("The caller disposed of the call.");

    /// <summary>Ends the call from this side.</summary>
    public void Cancel(string why) => TryEnd(new CallEnd(new Status(StatusCode.Cancelled, why), Metadata.Empty, EndedBy.Caller));

    /// <summary>Ends the call by an error of transport, serializer or peer.</summary>
    public void Fail(Exception cause) => TryEnd(new CallEnd(FailureStatus.Of(cause), Metadata.Empty, EndedBy.Peer));

    public void Fail(Status status) => TryEnd(new CallEnd(status, Metadata.Empty, EndedBy.Peer));

    public Exception ToException(CallEnd end) => end.ToException(Channel.Options.ThrowOperationCanceledOnCancellation);

    public bool TryEnd(CallEnd end)
    {
        if (!_end.TrySetResult(end))
        {
            return false;
        }
        _deadline?.Dispose();
        // Not Dispose: that waits for a running callback, and this may be running in one.
        _callerToken.Unregister();
        _channelToken.Unregister();
        if (!_headers.Task.IsCompleted && _headers.TrySetException(ToException(end)))
        {
            // Few callers await headers; the failure is seen through the response.
            _ = _headers.Task.Exception;
        }
        if (end.Status.StatusCode != StatusCode.OK)
        {
            Log.CallFailed(Channel.Logger, Method.FullName, end.Status.StatusCode, end.Status.Detail);
        }
        OnEnded(end);
        _abort.Cancel();
        // Resets the HTTP/2 stream if it is still open.
        Response?.Dispose();
        return true;
    }

    /// <summary>Completes what the type of call adds.</summary>
    protected abstract void OnEnded(CallEnd end);

    /// <summary>Starts to listen to what can end the call early.</summary>
    /// <returns>What is left until the deadline; null without one; zero when there is no point in starting.</returns>
    protected TimeSpan? Arm()
    {
        _channelToken = Channel.Disposed.UnsafeRegister(static call => ((GrpcCall)call!).Cancel("The channel was disposed of."), this);
        _callerToken = Options.CancellationToken.UnsafeRegister(
            static call => ((GrpcCall)call!).Cancel("The caller cancelled the call."), this);
        TimeSpan? timeout = null;
        if (Options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            timeout = deadline == DateTime.MinValue ? TimeSpan.Zero : deadline - Channel.Clock.GetUtcNow().UtcDateTime;
            if (timeout <= TimeSpan.Zero)
            {
                timeout = TimeSpan.Zero;
                PassDeadline();
            }
            else
            {
                _deadline = new DeadlineTimer(Channel.Clock, timeout.Value, PassDeadline);
            }
        }
        if (End.IsCompleted)
        {
            // It ended between two of the lines above, and could not undo the later one.
            _deadline?.Dispose();
            _callerToken.Unregister();
            _channelToken.Unregister();
        }
        return timeout;
    }

    protected void SetHeaders(Metadata headers) => _headers.TrySetResult(headers);

    /// <summary>From here on, the end of the call disposes of the response.</summary>
    protected void Keep(HttpResponseMessage response)
    {
        Volatile.Write(ref _response, response);
        if (End.IsCompleted)
        {
            response.Dispose();
        }
    }

    private void PassDeadline() =>
        TryEnd(new CallEnd(new Status(StatusCode.DeadlineExceeded, "The deadline passed."), Metadata.Empty, EndedBy.Caller));

    private CallEnd RequireEnd() => _end.Task.IsCompleted
        ? _end.Task.Result
        : throw new InvalidOperationException("The call has not ended.");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The call of {Method} ended with {StatusCode}: {Detail}")]
        public static partial void CallFailed(ILogger logger, string method, StatusCode statusCode, string detail);
    }
}
