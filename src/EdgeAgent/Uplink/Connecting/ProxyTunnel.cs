using System.Globalization;
using System.Text;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// A tunnel through an HTTP proxy (RFC 9110, section 9.3.6). The user is shown at once (RFC 7617): a first attempt without would cost a round
/// trip to be told what the configuration says already.
/// <code>
/// request := "CONNECT host:port HTTP/1.1" CRLF "Host: host:port" CRLF ["Proxy-Authorization: Basic " base64(user ":" password) CRLF] CRLF
/// answer  := "HTTP/1." digit " " 3digit [" " reason] CRLF *(header CRLF) CRLF         2xx: what follows is the tunnel
/// </code>
/// </summary>
internal static class ProxyTunnel
{
    /// <summary>Of an answer's head: proxies send some hundred bytes.</summary>
    private const int MostBytesOfHead = 16 * 1024;

    /// <exception cref="ConnectFailedException">The proxy does not let the connection pass.</exception>
    /// <exception cref="IOException">The connection to the proxy broke, or the file of the password cannot be read.</exception>
    public static async Task OpenAsync(Stream stream, ProxyAddress proxy, Uri endpoint, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Request(proxy, endpoint), cancellationToken).ConfigureAwait(false);
        string head = await ReadHeadAsync(stream, proxy, cancellationToken).ConfigureAwait(false);
        if (!TryReadStatus(head, out int status))
        {
            throw Failed($"What answers at {proxy} is no HTTP proxy.");
        }
        if (status is >= 200 and < 300)
        {
            return;
        }
        throw Failed(status switch
        {
            407 when !OffersBasic(head) => $"The proxy {proxy} wants a login of another kind than Basic (HTTP status 407).",
            407 when proxy.User is null => $"The proxy {proxy} wants a user and a password (HTTP status 407): set \"proxyUser\" and \"proxyPassword\".",
            // 401 is what tinyproxy says to a wrong login.
            401 or 407 => $"The proxy {proxy} does not accept the user and the password (HTTP status {status}).",
            403 or 405 => $"The proxy {proxy} does not let connections pass to {endpoint.Authority} (HTTP status {status}).",
            502 or 503 or 504 => $"The proxy {proxy} cannot reach {endpoint.Authority} (HTTP status {status}).",
            _ => $"The proxy {proxy} did not open a tunnel to {endpoint.Authority}: it answered with HTTP status {status}.",
        });
    }

    private static byte[] Request(ProxyAddress proxy, Uri endpoint)
    {
        string target = $"{(endpoint.HostNameType == UriHostNameType.IPv6 ? endpoint.Host : endpoint.IdnHost)}:{endpoint.Port}";
        string login = proxy.User is null
            ? ""
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.User}:{proxy.Password?.Reveal()}"))}\r\n";
        return Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n");
    }

    /// <summary>
    /// Byte for byte: what comes after the head belongs to the tunnel, and a stream takes nothing back. In the tunnel the device speaks first,
    /// so nothing is there to be read too early from a proxy that does as it should.
    /// </summary>
    private static async Task<string> ReadHeadAsync(Stream stream, ProxyAddress proxy, CancellationToken cancellationToken)
    {
        byte[] head = new byte[MostBytesOfHead];
        int length = 0;
        while (!head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            if (length == head.Length)
            {
                throw Failed($"What answers at {proxy} is no HTTP proxy.");
            }
            if (await stream.ReadAsync(head.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0)
            {
                throw Failed($"The proxy {proxy} ended the connection before it answered.");
            }
            length++;
        }
        return Encoding.ASCII.GetString(head, 0, length);
    }

    private static bool TryReadStatus(string head, out int status)
    {
        status = 0;
        return head.Length > 12
            && head.StartsWith("HTTP/1.", StringComparison.Ordinal)
            && head[8] == ' '
            && int.TryParse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status);
    }

    private static bool OffersBasic(string head) => head.Split("\r\n").Any(static line =>
        line.StartsWith("Proxy-Authenticate:", StringComparison.OrdinalIgnoreCase) && line.Contains("Basic", StringComparison.OrdinalIgnoreCase));

    private static ConnectFailedException Failed(string sentence) => new(ConnectFailureCause.Proxy, sentence);
}
