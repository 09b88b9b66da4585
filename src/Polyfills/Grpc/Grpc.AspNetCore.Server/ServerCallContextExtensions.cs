using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The way from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>Where a context that is not this server's own (a test's) keeps its HTTP request in its user state.</summary>
    private const string UserStateKey = "__HttpContext";

    /// <summary>The HTTP request of a call.</summary>
    /// <exception cref="InvalidOperationException">The call came in some other way.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        return serverCallContext is HttpServerCall call ? call.Http
            : serverCallContext.UserState.TryGetValue(UserStateKey, out object? kept) && kept is HttpContext http ? http
            : throw new InvalidOperationException("This call did not come in through ASP.NET Core.");
    }
}
