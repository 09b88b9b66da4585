using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Grpc.Polyfill.Tests;

/// <summary>A call made by hand, so that it can be wrong in every way. The bytes are written here and not by the code under test.</summary>
internal sealed record RawCall(HttpStatusCode Http, string? Status, string? Message, HttpResponseMessage Response, byte[] Body)
{
    public const string Say = "/grpc_polyfill.tests.Echo/Say";

    public static byte[] Frame(byte flag, byte[] payload, uint? length = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static async Task<RawCall> PostAsync(
        EchoServer server, string path, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpMessageInvoker(server.Handler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        change?.Invoke(request);
        HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        byte[] received = await response.Content.ReadAsByteArrayAsync();
        return new RawCall(
            response.StatusCode, Find(response, "grpc-status"), Find(response, "grpc-message"), response, received);
    }

    /// <summary>Trailers-only responses carry the status in the headers.</summary>
    private static string? Find(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) || response.Headers.TryGetValues(name, out values)
            ? values.Single()
            : null;
}
