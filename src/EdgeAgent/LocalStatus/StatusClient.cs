using System.Net.Sockets;
using System.Text.Json;

namespace EdgeAgent.LocalStatus;

/// <summary>Asks the agent that runs on this machine for its status, over its Unix socket.</summary>
internal static class StatusClient
{
    /// <param name="path">The socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">Nobody answers there, or not with a status.</exception>
    /// <exception cref="JsonException">What answers is no agent.</exception>
    public static async Task<JsonDocument> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var client = new HttpClient(handler);
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://localhost/status"), cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        Stream content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await JsonDocument.ParseAsync(content, default, cancellationToken).ConfigureAwait(false);
    }
}
