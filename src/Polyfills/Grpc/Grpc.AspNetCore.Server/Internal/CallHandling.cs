using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What all methods of a service are handled with.</summary>
internal sealed record CallHandling(ServiceSettings Settings, TimeProvider Clock, ILogger Logger);
