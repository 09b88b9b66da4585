using System.Net;
using Grpc.Core;
using Grpc.Net.Protocol;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// The HTTP request of a call (grpc/doc/PROTOCOL-HTTP2.md): POST to the method's path over HTTP/2 and nothing less, <c>te: trailers</c>,
/// <c>content-type: application/grpc</c>, then the application's metadata.
/// </summary>
internal static class CallRequest
{
    private const string UserAgent = "grpc-dotnet-polyfill/" + VersionInfo.CurrentVersion;

    public static async ValueTask<HttpRequestMessage> CreateAsync(GrpcCall call, HttpContent content, TimeSpan? timeout)
    {
        GrpcChannel channel = call.Channel;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, call.Method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, channel.Codecs.AcceptEncoding);
        if (timeout is { } left)
        {
            request.Headers.TryAddWithoutValidation(GrpcHeaders.Timeout, TimeoutHeader.Format(left));
        }
        Metadata? metadata = call.Options.Headers;
        AddMetadata(request, metadata);
        if (metadata?.Get("user-agent") is null)
        {
            request.Headers.TryAddWithoutValidation("user-agent", UserAgent);
        }
        if (channel.IsSecure || channel.Options.UnsafeUseInsecureChannelCallCredentials)
        {
            foreach (CallCredentials credentials in channel.Credentials)
            {
                await AddCredentialsAsync(request, call, credentials).ConfigureAwait(false);
            }
            if (call.Options.Credentials is { } callCredentials)
            {
                await AddCredentialsAsync(request, call, callCredentials).ConfigureAwait(false);
            }
        }
        return request;
    }

    private static async Task AddCredentialsAsync(HttpRequestMessage request, GrpcCall call, CallCredentials credentials)
    {
        string service = new Uri(call.Channel.Address, call.Method.ServiceName).AbsoluteUri;
        var added = new Metadata();
        await CallCredentialsReader.AddHeadersAsync(
            credentials, new AuthInterceptorContext(service, call.Method.Name, call.Ended), added).ConfigureAwait(false);
        AddMetadata(request, added);
    }

    private static void AddMetadata(HttpRequestMessage request, Metadata? metadata)
    {
        foreach (Metadata.Entry entry in metadata ?? Metadata.Empty)
        {
            if (entry.Key == Metadata.CompressionRequestKey)
            {
                request.Headers.TryAddWithoutValidation(GrpcHeaders.Encoding, entry.Value);
            }
            else if (!GrpcHeaders.IsReserved(entry.Key))
            {
                request.Headers.TryAddWithoutValidation(entry.Key, MetadataHeaders.ToHeader(entry));
            }
        }
    }
}
