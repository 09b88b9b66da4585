using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server;

/// <summary>The interceptors in front of handlers, outermost first.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    /// <summary>Adds an interceptor. It is taken from the services, or made for each call with these arguments.</summary>
    public void Add<[DynamicallyAccessedMembers(InterceptorRegistration.Kept)] TInterceptor>(params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    /// <summary>Adds an interceptor. It is taken from the services, or made for each call with these arguments.</summary>
    public void Add([DynamicallyAccessedMembers(InterceptorRegistration.Kept)] Type interceptorType, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        if (!interceptorType.IsSubclassOf(typeof(Interceptor)))
        {
            throw new ArgumentException($"{interceptorType} is not an interceptor.", nameof(interceptorType));
        }
        Add(new InterceptorRegistration(interceptorType, args));
    }
}
