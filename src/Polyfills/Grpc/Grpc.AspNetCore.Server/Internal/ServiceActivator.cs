using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Takes a service from the services with the lifetime that it has there; one that is not there is made for each call.</summary>
internal sealed class ServiceActivator<[DynamicallyAccessedMembers(ServiceMembers.Kept)] TService> : IGrpcServiceActivator<TService>
    where TService : class
{
    private readonly Lazy<ObjectFactory<TService>> _factory = new(() => ActivatorUtilities.CreateFactory<TService>([]));

    public GrpcActivatorHandle<TService> Create(IServiceProvider serviceProvider) =>
        serviceProvider.GetService<TService>() is { } known
            ? new GrpcActivatorHandle<TService>(known, created: false, state: null)
            : new GrpcActivatorHandle<TService>(_factory.Value(serviceProvider, []), created: true, state: null);

    public ValueTask ReleaseAsync(GrpcActivatorHandle<TService> service) =>
        service.Created ? Release.Async(service.Instance) : ValueTask.CompletedTask;
}

/// <summary>Disposes of what was made for one call.</summary>
internal static class Release
{
    public static ValueTask Async(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
        {
            return asynchronous.DisposeAsync();
        }
        (instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
