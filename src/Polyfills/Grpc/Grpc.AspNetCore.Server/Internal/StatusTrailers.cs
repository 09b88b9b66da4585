using System.Globalization;
using Grpc.Core;
using Grpc.Net.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>How a call ended, as the client is told.</summary>
internal static class StatusTrailers
{
    /// <summary>
    /// Writes status and metadata as trailers; where nothing was sent before, as headers: a response without a body says it all in one
    /// frame ("Trailers-Only").
    /// </summary>
    public static void Write(HttpResponse response, Status status, Metadata metadata, bool hasBody = false)
    {
        IHeaderDictionary? trailers = response.HasStarted || hasBody
            ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
            : response.Headers;
        if (trailers is null || trailers.IsReadOnly)
        {
            // The connection is gone, and with it whom to tell.
            return;
        }
        trailers[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            trailers[GrpcHeaders.Message] = StatusMessage.Encode(status.Detail);
        }
        Add(trailers, metadata);
    }

    public static void Add(IHeaderDictionary headers, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                headers[entry.Key] = StringValues.Concat(headers[entry.Key], MetadataHeaders.ToHeader(entry));
            }
        }
    }
}
