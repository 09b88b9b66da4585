using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Makes an endpoint of each method that a service names.</summary>
internal sealed class MethodBinder<[DynamicallyAccessedMembers(ServiceMembers.Kept)] TService>(
    IEndpointRouteBuilder builder, IGrpcServiceActivator<TService> activator, CallHandling handling) : ServiceBinderBase
    where TService : class
{
    private readonly List<IEndpointConventionBuilder> _endpoints = [];
    private readonly HashSet<string> _serviceNames = [];

    public IReadOnlyList<IEndpointConventionBuilder> Endpoints => _endpoints;

    public IReadOnlyCollection<string> ServiceNames => _serviceNames;

    private IReadOnlyList<InterceptorRegistration> Interceptors => handling.Settings.Interceptors;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method, typeof(TRequest), typeof(ServerCallContext));
        var invoke = implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        var call = InterceptorChain.Unary<TRequest, TResponse>(
            Interceptors,
            async (request, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(context.GetHttpContext().RequestServices);
                try
                {
                    return await invoke(service.Instance, request, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            });
        Map(method, implementation, new UnaryHandler<TRequest, TResponse>(method, handling, call).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var invoke = implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        var call = InterceptorChain.ClientStreaming<TRequest, TResponse>(
            Interceptors,
            async (requests, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(context.GetHttpContext().RequestServices);
                try
                {
                    return await invoke(service.Instance, requests, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            });
        Map(method, implementation, new ClientStreamingHandler<TRequest, TResponse>(method, handling, call).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = implementation.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        var call = InterceptorChain.ServerStreaming<TRequest, TResponse>(
            Interceptors,
            async (request, responses, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(context.GetHttpContext().RequestServices);
                try
                {
                    await invoke(service.Instance, request, responses, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            });
        Map(method, implementation, new ServerStreamingHandler<TRequest, TResponse>(method, handling, call).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = implementation
            .CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        var call = InterceptorChain.DuplexStreaming<TRequest, TResponse>(
            Interceptors,
            async (requests, responses, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(context.GetHttpContext().RequestServices);
                try
                {
                    await invoke(service.Instance, requests, responses, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            });
        Map(method, implementation, new DuplexStreamingHandler<TRequest, TResponse>(method, handling, call).HandleAsync);
    }

    private static MethodInfo Find(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, parameters)
        ?? throw new InvalidOperationException($"{typeof(TService)} has no method for {method.FullName}.");

    private void Map(IMethod method, MethodInfo implementation, RequestDelegate handle)
    {
        IEndpointConventionBuilder endpoint = builder.Map(RoutePatternFactory.Parse(method.FullName), handle);
        object[] attributes =
        [
            .. typeof(TService).GetCustomAttributes(inherit: true),
            .. implementation.GetCustomAttributes(inherit: true),
        ];
        endpoint.Add(route =>
        {
            route.DisplayName = $"gRPC {method.FullName}";
            route.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
            route.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true));
            foreach (object attribute in attributes)
            {
                route.Metadata.Add(attribute);
            }
        });
        _endpoints.Add(endpoint);
        _serviceNames.Add(method.ServiceName);
    }
}
