using Grpc.Core;
using Grpc.Core.Interceptors;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>Counts the upload sessions of one connection that are not over.</summary>
internal sealed class CallsUnderWay : Interceptor
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncClientStreamingCall<TRequest, TResponse> call = continuation(context);
        Interlocked.Increment(ref _count);
        // The response completes whenever the call ends, in whatever way.
        _ = call.ResponseAsync.ContinueWith(
            static (_, calls) => Interlocked.Decrement(ref ((CallsUnderWay)calls!)._count),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return call;
    }
}
