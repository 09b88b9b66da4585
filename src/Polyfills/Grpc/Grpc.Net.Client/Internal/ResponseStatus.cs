using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Protocol;

namespace Grpc.Net.Client.Internal;

/// <summary>How a call ended, as headers and trailers of its HTTP response tell.</summary>
internal static class ResponseStatus
{
    /// <summary>
    /// The end of a call whose response is over with its headers: trailers alone, or no gRPC at all. Null when a body follows.
    /// </summary>
    public static CallEnd? EndsWithHeaders(HttpResponseMessage response)
    {
        string? contentType = Single(response.Content.Headers, "content-type");
        if (Single(response.Headers, GrpcHeaders.Status) is { } status && (contentType is null || GrpcHeaders.IsGrpc(contentType)))
        {
            return Read(status, response.Headers);
        }
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Failed(OfHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}.");
        }
        return GrpcHeaders.IsGrpc(contentType)
            ? null
            : Failed(StatusCode.Unknown, $"The server answered with content type '{contentType}', which is not gRPC.");
    }

    /// <summary>The end of a call whose response was read to its end.</summary>
    public static CallEnd OfTrailers(HttpResponseMessage response) => Single(response.TrailingHeaders, GrpcHeaders.Status) is { } status
        ? Read(status, response.TrailingHeaders)
        : Failed(StatusCode.Unknown, "The response ended without a grpc-status.");

    public static string? ReadEncoding(HttpResponseMessage response) => Single(response.Headers, GrpcHeaders.Encoding);

    public static Metadata ReadMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (GrpcHeaders.IsReserved(name))
            {
                continue;
            }
            foreach (string value in values)
            {
                if (!MetadataHeaders.TryAdd(metadata, name, value))
                {
                    throw new RpcException(new Status(StatusCode.Internal, $"The server's metadata '{name}' is not valid."));
                }
            }
        }
        return metadata;
    }

    /// <summary>grpc/doc/http-grpc-status-mapping.md: for answers of proxies and servers that know no gRPC.</summary>
    public static StatusCode OfHttp(HttpStatusCode http) => http switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static CallEnd Read(string status, HttpResponseHeaders headers)
    {
        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            return Failed(StatusCode.Unknown, $"The server's grpc-status '{status}' is not a number.");
        }
        // A code of a later version of gRPC than this one.
        StatusCode known = Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown;
        string message = StatusMessage.Decode(Single(headers, GrpcHeaders.Message) ?? "");
        return new CallEnd(new Status(known, message), ReadMetadata(headers), EndedBy.Peer);
    }

    private static CallEnd Failed(StatusCode code, string why) => new(new Status(code, why), Metadata.Empty, EndedBy.Peer);

    private static string? Single(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
