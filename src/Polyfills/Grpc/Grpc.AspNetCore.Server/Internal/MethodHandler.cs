using Grpc.Core;
using Grpc.Net.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// Takes a call from its HTTP request to its status. The kinds of method differ in <see cref="InvokeAsync"/> only; whatever that throws
/// becomes a status here, and the client always gets one.
/// </summary>
internal abstract class MethodHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, CallHandling handling)
    where TRequest : class
    where TResponse : class
{
    protected Method<TRequest, TResponse> Method => method;

    private bool StreamsRequests => method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;

    public async Task HandleAsync(HttpContext http)
    {
        if (!GrpcHeaders.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            // HTTP/1.1 has no way to send messages in both directions, and few clients of it read trailers.
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2c";
            return;
        }
        LiftBodyLimits(http);
        http.Response.ContentType = GrpcHeaders.ContentType;
        await using var call = new HttpServerCall(http, handling);
        http.Features.Set<IServerCallContextFeature>(call);
        try
        {
            if (call.Start() is { } refusal)
            {
                await call.EndAsync(refusal).ConfigureAwait(false);
                return;
            }
            await InvokeAsync(call).ConfigureAwait(false);
            await call.EndAsync(call.Status).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await call.FailAsync(failure).ConfigureAwait(false);
        }
    }

    /// <summary>Reads requests, runs the handler, writes responses.</summary>
    protected abstract Task InvokeAsync(HttpServerCall call);

    protected ValueTask<TRequest> ReadOnlyRequestAsync(HttpServerCall call) =>
        new RequestStreamReader<TRequest>(call, method.RequestMarshaller).ReadOnlyAsync();

    protected async ValueTask WriteOnlyResponseAsync(HttpServerCall call, TResponse? response)
    {
        if (call.Status.StatusCode == StatusCode.OK)
        {
            // Trailers follow at once, and go out together with it.
            await call.WriteAsync(
                response ?? throw new RpcException(new Status(StatusCode.Cancelled, "The handler returned no response.")),
                method.ResponseMarshaller, new WriteOptions(WriteFlags.BufferHint | (call.WriteOptions?.Flags ?? 0)),
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Messages have a limit of their own, and a stream may be silent or go on for as long as both sides like.</summary>
    private void LiftBodyLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        if (StreamsRequests && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
