using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeAgent.Interop.Frames;

/// <summary>Watches the frames of requests on their way to the service.</summary>
internal static class RequestObserver
{
    public static void UseRequestObserver(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var flags = new MessageFlags();
        http.Features.Set(flags);
        // Kestrel reads BodyReader through a replaced body too.
        http.Request.Body = new ObservedStream(http.Request.Body, flags);
        return next(http);
    });

    /// <summary>Whether the request that the service received last was compressed. To be asked once for each request.</summary>
    public static bool WasCompressed(this ServerCallContext context) =>
        context.GetHttpContext().Features.GetRequiredFeature<MessageFlags>().TakeNext();
}
