using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Framing;
using Grpc.Net.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// A call, from request to status. It ends once: by its handler, or by its deadline, which may pass in the middle of a write. Therefore all
/// that touches the response goes through one gate; the deadline first cancels the handler's token, so that a write that waits for the
/// client lets go of the gate.
/// </summary>
internal sealed partial class HttpServerCall : ServerCallContext, IServerCallContextFeature, IAsyncDisposable
{
    private readonly CallHandling _handling;
    private readonly string _method;
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Kept here, because a handler's stray task may ask for it when the request already serves another call.</summary>
    private readonly CancellationToken _clientGone;

    private CancellationToken _token;
    private DeadlineTimer? _timer;
    private CancellationTokenSource? _cancellation;
    private DateTime _deadline = DateTime.MaxValue;
    private volatile bool _isEnded;
    private volatile bool _isReadBroken;

    public HttpServerCall(HttpContext http, CallHandling handling)
    {
        Http = http;
        _handling = handling;
        _method = http.Request.Path.Value!;
        _clientGone = http.RequestAborted;
        _token = _clientGone;
        Frames = new FrameReader(http.Request.BodyReader, handling.Settings.MaxReceiveMessageSize);
        _writer = new FrameWriter(handling.Settings.MaxSendMessageSize);
    }

    public HttpContext Http { get; }

    public ServiceSettings Settings => _handling.Settings;

    public FrameReader Frames { get; }

    ServerCallContext IServerCallContextFeature.ServerCallContext => this;

    /// <summary>Reads what the client wants of the call.</summary>
    /// <returns>A status that ends the call at once, or null.</returns>
    public Status? Start()
    {
        string? encoding = Http.Request.Headers[GrpcHeaders.Encoding];
        if (!Settings.Codecs.TryFind(encoding, out ICompressionProvider? codec))
        {
            Http.Response.Headers[GrpcHeaders.AcceptEncoding] = Settings.Codecs.AcceptEncoding;
            return new Status(StatusCode.Unimplemented, $"The grpc-encoding '{encoding}' is not known here.");
        }
        Frames.Codec = codec;
        ChooseResponseEncoding(Settings.ResponseEncoding);
        string? timeoutHeader = Http.Request.Headers[GrpcHeaders.Timeout];
        if (timeoutHeader is null)
        {
            return null;
        }
        if (!TimeoutHeader.TryRead(timeoutHeader, out TimeSpan timeout))
        {
            return new Status(StatusCode.Internal, $"The grpc-timeout '{timeoutHeader}' is not valid.");
        }
        DateTime now = _handling.Clock.GetUtcNow().UtcDateTime;
        // As far away as no time at all.
        if (timeout < DateTime.MaxValue - now)
        {
            _deadline = now + timeout;
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(_clientGone);
            _token = _cancellation.Token;
            _timer = new DeadlineTimer(_handling.Clock, timeout, () => _ = PassDeadlineAsync());
        }
        return null;
    }

    /// <summary>Reads the next frame.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    /// <exception cref="OperationCanceledException">The client is gone, the deadline passed, or the token was cancelled.</exception>
    public ValueTask<ReadOutcome> ReadFrameAsync(CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        cancellationToken.ThrowIfCancellationRequested();
        return Frames.TryRead(out ReadOutcome outcome) ? new ValueTask<ReadOutcome>(outcome) : ReceiveFrameAsync(cancellationToken);
    }

    /// <summary>Ends the call with a status, unless it has ended.</summary>
    public Task EndAsync(Status status) => EndAsync(status, isSentNow: false);

    /// <summary>Ends the call by an exception.</summary>
    public Task FailAsync(Exception failure)
    {
        switch (failure)
        {
            case RpcException rpc:
                foreach (Metadata.Entry entry in rpc.Trailers)
                {
                    ResponseTrailers.Add(entry);
                }
                Log.Refused(_handling.Logger, rpc, _method);
                return EndAsync(rpc.Status);
            case OperationCanceledException or IOException when _token.IsCancellationRequested || _isReadBroken:
            case OperationCanceledException cancelled when cancelled.CancellationToken == _clientGone:
                return EndAsync(new Status(StatusCode.Cancelled, "The call was cancelled."));
            default:
                Log.HandlerThrew(_handling.Logger, failure, _method);
                return EndAsync(new Status(StatusCode.Unknown, Settings.EnableDetailedErrors
                    ? $"The handler threw {failure.GetType().Name}: {failure.Message}"
                    : "The handler threw an exception."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        // Past the gate nobody touches the request any more: ASP.NET Core is about to use it again.
        await EndAsync(Status).ConfigureAwait(false);
        _cancellation?.Dispose();
    }

    private void ThrowIfEnded()
    {
        _token.ThrowIfCancellationRequested();
        if (_isEnded)
        {
            throw new InvalidOperationException("The call has ended.");
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOutcome> ReceiveFrameAsync(CancellationToken cancellationToken)
    {
        // Handlers like to hand over the call's own token, which is watched anyway.
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled && cancellationToken != _token
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _token)
            : null;
        try
        {
            return await Frames.ReadAsync(both?.Token ?? _token).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The request's own token follows a little later.
            _isReadBroken = true;
            throw;
        }
    }

    private async Task EndAsync(Status status, bool isSentNow)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isEnded)
            {
                return;
            }
            _isEnded = true;
            StatusTrailers.Write(Http.Response, status, ResponseTrailers, _hasWritten);
            if (isSentNow)
            {
                await Http.Response.CompleteAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The client gets its status now, even where the handler goes on for a while.</summary>
    private async Task PassDeadlineAsync()
    {
        try
        {
            try
            {
                await _cancellation!.CancelAsync().ConfigureAwait(false);
            }
            finally
            {
                // Even where a callback of the handler threw.
                await EndAsync(new Status(StatusCode.DeadlineExceeded, "The deadline passed."), isSentNow: true).ConfigureAwait(false);
            }
        }
        catch (ObjectDisposedException)
        {
            // The call ended in the same moment.
        }
        catch (Exception failure)
        {
            Log.DeadlineFailed(_handling.Logger, failure, _method);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The call of {Method} was answered with the status of this exception.")]
        public static partial void Refused(ILogger logger, RpcException exception, string method);

        [LoggerMessage(Level = LogLevel.Error, Message = "The handler of {Method} threw an exception; the client was told UNKNOWN.")]
        public static partial void HandlerThrew(ILogger logger, Exception exception, string method);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The deadline of {Method} passed, and telling handler or client of it failed.")]
        public static partial void DeadlineFailed(ILogger logger, Exception exception, string method);
    }
}
