using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Internal;

namespace Grpc.AspNetCore.Server;

/// <summary>Gets the service instance of a call.</summary>
/// <typeparam name="TGrpcService">The service.</typeparam>
public interface IGrpcServiceActivator<[DynamicallyAccessedMembers(ServiceMembers.Kept)] TGrpcService>
    where TGrpcService : class
{
    /// <summary>Gets an instance for a call.</summary>
    GrpcActivatorHandle<TGrpcService> Create(IServiceProvider serviceProvider);

    /// <summary>The call is over.</summary>
    ValueTask ReleaseAsync(GrpcActivatorHandle<TGrpcService> service);
}

/// <summary>A service instance for one call.</summary>
/// <typeparam name="T">The service.</typeparam>
public readonly struct GrpcActivatorHandle<T>
{
    /// <summary>A handle.</summary>
    public GrpcActivatorHandle(T instance, bool created, object? state)
    {
        Instance = instance;
        Created = created;
        State = state;
    }

    /// <summary>The instance.</summary>
    public T Instance { get; }

    /// <summary>Whether it was made for this call, outside of the services.</summary>
    public bool Created { get; }

    /// <summary>What the activator wants to remember.</summary>
    public object? State { get; }
}
