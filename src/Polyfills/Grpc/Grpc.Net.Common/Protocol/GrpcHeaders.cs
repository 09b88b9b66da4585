using System.Collections.Frozen;
using Grpc.Core;

namespace Grpc.Net.Protocol;

/// <summary>The header names of gRPC over HTTP/2 (grpc/doc/PROTOCOL-HTTP2.md), in the lower case of the wire.</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Timeout = "grpc-timeout";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";

    /// <summary>Headers that belong to the protocol and not to the application's metadata.</summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        Encoding, AcceptEncoding, Timeout, Status, Message, Metadata.CompressionRequestKey,
        "grpc-message-type", "te", "host", "content-type", "content-length", "content-encoding", "accept-encoding",
        "transfer-encoding", "connection", "trailer", "date", "server",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsReserved(string name) => name.StartsWith(':') || Reserved.Contains(name);

    /// <summary>content-type := "application/grpc" [ ( "+" / ";" ) anything ]</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');
}
