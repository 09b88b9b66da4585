using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Finds the methods of a service and maps them. All reflection happens here, once, at start.</summary>
internal sealed class ServiceRoutes<[DynamicallyAccessedMembers(ServiceMembers.Kept)] TService>(
    IGrpcServiceActivator<TService> activator,
    IOptions<GrpcServiceOptions> all,
    IOptions<GrpcServiceOptions<TService>> own,
    UnknownMethods unknown,
    ILoggerFactory loggers,
    IServiceProvider services)
    where TService : class
{
    public IReadOnlyList<IEndpointConventionBuilder> Map(IEndpointRouteBuilder builder)
    {
        var clock = services.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System;
        var handling = new CallHandling(new ServiceSettings(all.Value, own.Value), clock, loggers.CreateLogger<CallHandling>());
        var binder = new MethodBinder<TService>(builder, activator, handling);
        Bind(binder);
        unknown.Map(builder, binder.ServiceNames, all.Value.IgnoreUnknownServices ?? false);
        return binder.Endpoints;
    }

    /// <summary>Calls the generated <c>BindService(ServiceBinderBase, TBase)</c> without an instance: it names the methods.</summary>
    private static void Bind(ServiceBinderBase binder)
    {
        BindServiceMethodAttribute attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service class.");
        MethodInfo bind = attribute.BindType
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault(method => method.Name == attribute.BindMethodName
                && method.GetParameters() is [var first, var second]
                && first.ParameterType == typeof(ServiceBinderBase)
                && second.ParameterType.IsAssignableFrom(typeof(TService)))
            ?? throw new InvalidOperationException(
                $"{attribute.BindType} has no method {attribute.BindMethodName}(ServiceBinderBase, {typeof(TService)}).");
        bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
    }
}
