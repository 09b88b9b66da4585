using Grpc.Core;

namespace EdgeAgent.Interop;

/// <summary>How one call's compression is chosen: by metadata that does not travel itself but becomes <c>grpc-encoding</c>.</summary>
internal static class Compression
{
    public const string RequestKey = "grpc-internal-encoding-request";
    public const string Gzip = "gzip";

    public static Metadata CreateHeaders() => new() { { RequestKey, Gzip } };
}
