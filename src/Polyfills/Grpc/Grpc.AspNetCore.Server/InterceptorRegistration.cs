using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>One interceptor in front of handlers.</summary>
public class InterceptorRegistration
{
    internal const DynamicallyAccessedMemberTypes Kept =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    private readonly object[] _arguments;
    private readonly Lazy<ObjectFactory> _factory;

    internal InterceptorRegistration([DynamicallyAccessedMembers(Kept)] Type type, object[] arguments)
    {
        Type = type;
        _arguments = arguments;
        _factory = new(() => ActivatorUtilities.CreateFactory(Type, [.. _arguments.Select(argument => argument.GetType())]));
    }

    /// <summary>The interceptor's type.</summary>
    [DynamicallyAccessedMembers(Kept)]
    public Type Type { get; }

    /// <summary>Arguments of its constructor that do not come from the services.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    /// <summary>Gets the interceptor for one call.</summary>
    /// <returns>The interceptor, and whether it was made for this call and is to be disposed of after it.</returns>
    internal (Interceptor Interceptor, bool IsOwned) Activate(IServiceProvider services) =>
        _arguments.Length == 0 && services.GetService(Type) is Interceptor known
            ? (known, false)
            : ((Interceptor)_factory.Value(services, _arguments), true);
}
