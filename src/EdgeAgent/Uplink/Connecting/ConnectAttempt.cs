using System.Net;
using System.Net.Security;
using System.Security.Cryptography;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>How far an attempt to connect has come, for the words of one that ran out of time.</summary>
internal enum ConnectStep
{
    LookingUpName,
    Dialing,
    AskingProxy,
    Handshake,
}

/// <summary>
/// One attempt to reach an endpoint: its name, TCP, the proxy's tunnel where there is one, TLS and HTTP/2. All of it is done here and not by the
/// HTTP handler, so that each failure has a cause of its own and the proxy never sees the device's certificate (docs/decisions/0015).
/// </summary>
internal sealed class ConnectAttempt(Uri endpoint, Dialer dialer, ProxyChoice proxies, ServiceTls tls)
{
    private ProxyAddress? _proxy;

    public ConnectStep Step { get; private set; }

    /// <summary>What is waited for at this moment.</summary>
    public string Waiting => Step switch
    {
        ConnectStep.LookingUpName => $"the resolver has no answer for {Next.IdnHost}",
        ConnectStep.Dialing when _proxy is not null => $"the proxy {_proxy} does not answer",
        ConnectStep.Dialing => $"{endpoint.Authority} does not answer",
        ConnectStep.AskingProxy => $"the proxy {_proxy} does not answer",
        _ => "the TLS handshake was not finished",
    };

    private Uri Next => _proxy?.Url ?? endpoint;

    /// <exception cref="ConnectFailedException">There is no connection.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<SslStream> RunAsync(CancellationToken cancellationToken)
    {
        _proxy = proxies.For(endpoint);
        Step = ConnectStep.LookingUpName;
        IReadOnlyList<IPAddress> addresses = await dialer.ResolveAsync(Next.IdnHost, cancellationToken).ConfigureAwait(false);
        Step = ConnectStep.Dialing;
        string peer = _proxy is null ? endpoint.IdnHost : $"the proxy {Next.IdnHost}";
        Stream line = await dialer.ConnectAsync(peer, addresses, Next.Port, cancellationToken).ConfigureAwait(false);
        try
        {
            if (_proxy is { } proxy)
            {
                Step = ConnectStep.AskingProxy;
                line = await TunnelAsync(line, proxy, cancellationToken).ConfigureAwait(false);
            }
            Step = ConnectStep.Handshake;
            return await tls.WithServiceAsync(line, endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await line.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Stream> TunnelAsync(Stream line, ProxyAddress proxy, CancellationToken cancellationToken)
    {
        try
        {
            if (proxy.Url.Scheme == Uri.UriSchemeHttps)
            {
                line = await tls.WithProxyAsync(line, proxy, cancellationToken).ConfigureAwait(false);
            }
            await ProxyTunnel.OpenAsync(line, proxy, endpoint, cancellationToken).ConfigureAwait(false);
            return line;
        }
        catch (Exception failure) when (failure is (IOException and not ConnectFailedException) or UnauthorizedAccessException or CryptographicException)
        {
            // The line broke, or a file with the proxy's password or roots cannot be read.
            throw new ConnectFailedException(ConnectFailureCause.Proxy, $"The proxy {proxy} cannot be used: {failure.Message}", failure);
        }
    }
}
