using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One request, one response.</summary>
internal sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallHandling handling, UnaryServerMethod<TRequest, TResponse> handler)
    : MethodHandler<TRequest, TResponse>(method, handling)
    where TRequest : class
    where TResponse : class
{
    protected override async Task InvokeAsync(HttpServerCall call)
    {
        TRequest request = await ReadOnlyRequestAsync(call).ConfigureAwait(false);
        await WriteOnlyResponseAsync(call, await handler(request, call).ConfigureAwait(false)).ConfigureAwait(false);
    }
}

/// <summary>A stream of requests, one response.</summary>
internal sealed class ClientStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallHandling handling, ClientStreamingServerMethod<TRequest, TResponse> handler)
    : MethodHandler<TRequest, TResponse>(method, handling)
    where TRequest : class
    where TResponse : class
{
    protected override async Task InvokeAsync(HttpServerCall call)
    {
        var requests = new RequestStreamReader<TRequest>(call, Method.RequestMarshaller);
        await WriteOnlyResponseAsync(call, await handler(requests, call).ConfigureAwait(false)).ConfigureAwait(false);
    }
}

/// <summary>One request, a stream of responses.</summary>
internal sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallHandling handling, ServerStreamingServerMethod<TRequest, TResponse> handler)
    : MethodHandler<TRequest, TResponse>(method, handling)
    where TRequest : class
    where TResponse : class
{
    protected override async Task InvokeAsync(HttpServerCall call)
    {
        TRequest request = await ReadOnlyRequestAsync(call).ConfigureAwait(false);
        await handler(request, new ResponseStreamWriter<TResponse>(call, Method.ResponseMarshaller), call).ConfigureAwait(false);
    }
}

/// <summary>Two streams.</summary>
internal sealed class DuplexStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallHandling handling, DuplexStreamingServerMethod<TRequest, TResponse> handler)
    : MethodHandler<TRequest, TResponse>(method, handling)
    where TRequest : class
    where TResponse : class
{
    protected override Task InvokeAsync(HttpServerCall call) => handler(
        new RequestStreamReader<TRequest>(call, Method.RequestMarshaller),
        new ResponseStreamWriter<TResponse>(call, Method.ResponseMarshaller),
        call);
}
