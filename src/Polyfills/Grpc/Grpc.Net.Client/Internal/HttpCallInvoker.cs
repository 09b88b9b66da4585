using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Starts the calls of a channel. All go to its address: the host of a call is ignored, as in the package.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, options);
        call.Start(new SingleMessageContent<TRequest>(call, request));
        return new AsyncUnaryCall<TResponse>(
            call.ResponseAsync, GrpcCall.HeadersOf, GrpcCall.StatusOf, GrpcCall.TrailersOf, GrpcCall.DisposeOf, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, options);
        var requests = new RequestStreamContent();
        call.Start(requests);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new RequestStreamWriter<TRequest, TResponse>(call, requests),
            call.ResponseAsync, GrpcCall.HeadersOf, GrpcCall.StatusOf, GrpcCall.TrailersOf, GrpcCall.DisposeOf, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, options);
        call.Start(new SingleMessageContent<TRequest>(call, request));
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseStreamReader<TRequest, TResponse>(call),
            GrpcCall.HeadersOf, GrpcCall.StatusOf, GrpcCall.TrailersOf, GrpcCall.DisposeOf, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, options);
        var requests = new RequestStreamContent();
        call.Start(requests);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new RequestStreamWriter<TRequest, TResponse>(call, requests),
            new ResponseStreamReader<TRequest, TResponse>(call),
            GrpcCall.HeadersOf, GrpcCall.StatusOf, GrpcCall.TrailersOf, GrpcCall.DisposeOf, call);
    }
}
