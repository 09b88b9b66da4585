using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The way from an HTTP request to its call.</summary>
public interface IServerCallContextFeature
{
    /// <summary>The call.</summary>
    ServerCallContext ServerCallContext { get; }
}
