using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Internal;
using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>On an endpoint: which method of which service it is.</summary>
public sealed class GrpcMethodMetadata
{
    /// <summary>Metadata.</summary>
    public GrpcMethodMetadata([DynamicallyAccessedMembers(ServiceMembers.Kept)] Type serviceType, IMethod method)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentNullException.ThrowIfNull(method);
        ServiceType = serviceType;
        Method = method;
    }

    /// <summary>The class that implements the service.</summary>
    [DynamicallyAccessedMembers(ServiceMembers.Kept)]
    public Type ServiceType { get; }

    /// <summary>The method.</summary>
    public IMethod Method { get; }
}
