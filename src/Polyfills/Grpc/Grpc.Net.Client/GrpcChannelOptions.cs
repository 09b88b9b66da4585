using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel connects and what its calls may carry.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Options with their defaults.</summary>
    public GrpcChannelOptions()
    {
    }

    /// <summary>
    /// Credentials that all calls carry. They have to fit the address: <see cref="ChannelCredentials.SecureSsl"/> for <c>https</c>,
    /// <see cref="ChannelCredentials.Insecure"/> for <c>http</c>. Default: what fits.
    /// </summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>
    /// The largest message that is sent, in bytes before compression. Default: null, no limit, since the sender knows its messages.
    /// </summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>
    /// The largest message that is received, in bytes, before and after inflating. Default: 4 MiB, as everywhere in gRPC; null is no limit.
    /// </summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The encodings that the channel knows. Default: null, gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>Where the channel logs. Default: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>An HTTP client to send through; not together with <see cref="HttpHandler"/>. Default: none.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>
    /// The handler that connects: TLS, proxies, pings are its matter. Default: null, a new <see cref="SocketsHttpHandler"/>.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>
    /// Whether disposing of the channel disposes of the given client or handler. Default: false, it belongs to who made it.
    /// </summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>
    /// Whether calls that this side gives up (token, deadline) throw <see cref="OperationCanceledException"/> rather than
    /// <see cref="RpcException"/>. Default: false.
    /// </summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether call credentials are sent in plain text too. Default: false, since whoever listens could use them.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }
}
