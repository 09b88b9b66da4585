using Grpc.Core;
using Grpc.Net.Client.Internal;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>A way to one server over HTTP/2. Connections are made when calls need them, and made again when they break.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly bool _ownsInvoker;
    private readonly CancellationTokenSource _disposed = new();

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException($"'{address}' is not an http or https address.");
        }
        if (options.HttpClient is not null && options.HttpHandler is not null)
        {
            throw new ArgumentException("Give a channel an HttpClient or an HttpHandler, not both.", nameof(options));
        }
        Address = address;
        IsSecure = address.Scheme == Uri.UriSchemeHttps;
        Options = options;
        Credentials = ChannelCredentialsReader.Read(options.Credentials, IsSecure);
        Codecs = new Codecs(options.CompressionProviders ?? Codecs.Standard);
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<GrpcChannel>();
        _invoker = options.HttpClient ?? new HttpMessageInvoker(
            options.HttpHandler ?? CreateHandler(), disposeHandler: options.HttpHandler is null || options.DisposeHttpClient);
        _ownsInvoker = options.HttpClient is null || options.DisposeHttpClient;
    }

    internal Uri Address { get; }

    internal bool IsSecure { get; }

    internal GrpcChannelOptions Options { get; }

    /// <summary>The call credentials that came with the channel's.</summary>
    internal IReadOnlyList<CallCredentials> Credentials { get; }

    internal Codecs Codecs { get; }

    internal ILogger Logger { get; }

    internal TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>Cancelled when the channel is disposed of: all its calls end then.</summary>
    internal CancellationToken Disposed => _disposed.Token;

    /// <summary>A channel with default options.</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>A channel with default options.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels all calls and closes the connections.</summary>
    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }
        _disposed.Cancel();
        if (_ownsInvoker)
        {
            _invoker.Dispose();
        }
    }

    /// <summary>Sends a request; returns as soon as the response headers are there.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker is HttpClient client
            // An HttpClient would wait for the whole response otherwise.
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _invoker.SendAsync(request, cancellationToken);

    private static SocketsHttpHandler CreateHandler() => new()
    {
        // A server allows some 100 streams a connection; more calls than that open another one instead of waiting.
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
