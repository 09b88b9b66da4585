using EdgeAgent.Ingestion.Hosting;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// Stands before every service. It finds out who is calling, which <see cref="DeviceGate"/> judges; keeps strangers from all services but Identity, which judges for itself;
/// and where a call was ended from here, tells the device why in place of whatever that looked like to the service.
/// </summary>
internal sealed class CallGuard(Callers callers, DeviceGate gate) : Interceptor
{
    private const string IdentityService = "/edge.v1.Identity/";

    /// <summary>What is known of the caller. Where the guard does not stand before the service that is nothing.</summary>
    public static Identification IdentificationOf(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Identification>() ?? Identification.Unknown("Nobody has asked who is calling.");

    public static void Note(ServerCallContext context, DeviceCall call) => context.GetHttpContext().Features.Set(call);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => Void(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => Void(continuation(requestStream, responseStream, context)));

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        HttpContext http = context.GetHttpContext();
        Identification identification = await callers.IdentifyAsync(http);
        http.Features.Set(identification);
        if (identification.Caller is not null || identification.IsTrusted)
        {
            FirstCall.Happened(http);
        }
        if (!context.Method.StartsWith(IdentityService, StringComparison.Ordinal) && Refusal(identification, context.Method) is { } refusal)
        {
            throw new RpcException(refusal);
        }
        try
        {
            return await call();
        }
        catch (Exception) when (http.Features.Get<DeviceCall>()?.Refusal is not null)
        {
            throw new RpcException(http.Features.Get<DeviceCall>()!.Refusal!.Value);
        }
    }

    private Status? Refusal(Identification identification, string method) =>
        identification.Caller is { } caller ? gate.Refusal(caller, method)
        : identification.IsTrusted ? null
        : new Status(StatusCode.Unauthenticated, identification.Problem);

    private static async Task<bool> Void(Task call)
    {
        await call;
        return true;
    }
}
