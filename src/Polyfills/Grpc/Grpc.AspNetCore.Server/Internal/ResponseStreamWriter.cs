using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// Writes responses. A write is complete when Kestrel took it, and Kestrel takes no more than its buffer while the client does not read.
/// </summary>
internal sealed class ResponseStreamWriter<TResponse>(HttpServerCall call, Marshaller<TResponse> marshaller)
    : IServerStreamWriter<TResponse>
    where TResponse : class
{
    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return call.WriteAsync(message, marshaller, call.WriteOptions, cancellationToken);
    }
}
