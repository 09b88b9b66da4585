using System.Net;
using System.Net.Http.Headers;
using Grpc.Net.Protocol;

namespace Grpc.Net.Client.Internal;

/// <summary>The body of a request. It has no length: gRPC delimits messages itself.</summary>
internal abstract class CallContent : HttpContent
{
    private static readonly MediaTypeHeaderValue MediaType = new(GrpcHeaders.ContentType);

    protected CallContent() => Headers.ContentType = MediaType;

    /// <summary>The call ended: nothing more is to be sent.</summary>
    public abstract void Abandon();

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected abstract override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken);

    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
