using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Configuration;

namespace EdgeAgent.LocalStatus;

/// <summary>Asks the agent that runs on this device how it does.</summary>
internal static class StatusClient
{
    /// <summary>Where the packaged agent's socket is.</summary>
    public const string PackagedSocket = "/run/edge-agent/" + LocalOptions.SocketName;

    /// <summary>The agent answers in milliseconds. Most of this is for boards that swap, and for this process itself, which has to be compiled while it waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Where the agent's socket is, as far as a configuration says that need not be right as a whole: the agent may run by an earlier one. The unit's environment is not
    /// that of who asks, so that the packaged place is tried before the state folder.
    /// </summary>
    /// <param name="configuration">Null where it cannot be read.</param>
    public static string SocketOf(AgentConfiguration? configuration)
    {
        string stateSocket = Path.Combine((configuration?.Device ?? new DeviceOptions()).StateFolder, LocalOptions.SocketName);
        return configuration?.Local.Socket ?? (File.Exists(PackagedSocket) || !File.Exists(stateSocket) ? PackagedSocket : stateSocket);
    }

    /// <summary>What <see cref="Diagnostics.AgentStatusJson"/> wrote, or that there is no inside at present (<c>"state": "rebuilding"</c>).</summary>
    /// <param name="path">The socket.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    /// <exception cref="HttpRequestException">Nobody answers there. Its inner exception says why: no such file, nobody listens, no right to.</exception>
    /// <exception cref="TimeoutException">Somebody listens, and does not answer in time.</exception>
    /// <exception cref="JsonException">What answers is no agent.</exception>
    public static async Task<JsonDocument> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false, UseCookies = false };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync("http://localhost/status", cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                answer.EnsureSuccessStatusCode();
            }
            Stream content = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonDocument.ParseAsync(content, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The agent does not answer at {path}.", late);
        }

        async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancelled)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancelled).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
