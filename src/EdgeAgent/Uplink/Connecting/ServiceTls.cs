using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>TLS with the service, by the device's certificate, and with a proxy that speaks it, which learns nothing of the device.</summary>
internal sealed class ServiceTls(DeviceCredentials credentials, UplinkOptions options, CertificateTimes times)
{
    /// <summary>TLS 1.2 is the least that HTTP/2 allows (RFC 9113, section 9.2), whatever the machine's OpenSSL would.</summary>
    private const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;

    // Offline: no certificate is fetched from anywhere while the device connects.
    private readonly SslStreamCertificateContext? _device = credentials.Device is { } device
        ? SslStreamCertificateContext.Create(device, credentials.Intermediates, offline: true)
        : null;

    /// <exception cref="ConnectFailedException">The service is not who it should be, or speaks another protocol.</exception>
    public async Task<SslStream> WithServiceAsync(Stream line, Uri endpoint, CancellationToken cancellationToken)
    {
        string name = options.ServerName ?? endpoint.IdnHost;
        var check = new ServerCheck(endpoint.Authority, name, options.Pins, times, options.TrustsPins);
        SslStream tls = await AuthenticateAsync(
            line,
            check,
            new SslClientAuthenticationOptions
            {
                TargetHost = name,
                EnabledSslProtocols = Versions,
                // RFC 9113, section 9.2.1.
                AllowRenegotiation = false,
                CertificateChainPolicy = Policy(credentials.Roots),
                ClientCertificateContext = _device,
                // HTTP/1.1 is offered too, so that a peer without HTTP/2 says so; otherwise it may end the handshake without a reason.
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            },
            endpoint.Authority,
            cancellationToken).ConfigureAwait(false);
        if (tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            string instead = tls.NegotiatedApplicationProtocol.Protocol.Length > 0
                ? $"it chose {tls.NegotiatedApplicationProtocol}"
                : "it negotiates no protocol (ALPN)";
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new ConnectFailedException(
                ConnectFailureCause.Http2Missing,
                $"{endpoint.Authority} does not speak HTTP/2, which gRPC needs: {instead}. Let the load balancer there pass HTTP/2 on, or TCP.");
        }
        credentials.Service = check.Good;
        return tls;
    }

    /// <exception cref="ConnectFailedException">The proxy is not who it should be.</exception>
    public Task<SslStream> WithProxyAsync(Stream line, ProxyAddress proxy, CancellationToken cancellationToken) => AuthenticateAsync(
        line,
        new ServerCheck($"the proxy {proxy}", proxy.Url.IdnHost, [], times),
        new SslClientAuthenticationOptions
        {
            TargetHost = proxy.Url.IdnHost,
            EnabledSslProtocols = Versions,
            CertificateChainPolicy = Policy(options.Proxy.AuthorityFile is { } file ? PemFiles.LoadRoots(file) : null),
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        },
        $"the proxy {proxy}",
        cancellationToken);

    private static X509ChainPolicy? Policy(X509Certificate2Collection? roots)
    {
        if (roots is null)
        {
            return null;
        }
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static async Task<SslStream> AuthenticateAsync(
        Stream line, ServerCheck check, SslClientAuthenticationOptions authentication, string peer, CancellationToken cancellationToken)
    {
        authentication.RemoteCertificateValidationCallback = check.IsGood;
        var tls = new SslStream(line);
        try
        {
            await tls.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw check.Failure ?? Failed(peer, failure);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ConnectFailedException Failed(string peer, Exception failure)
    {
        // OpenSSL's own words are the innermost: "tlsv1 alert unknown ca", "unsupported protocol".
        string reason = failure.GetBaseException().Message;
        string sentence = failure is IOException
            ? $"{peer} ended the connection in the middle of the TLS handshake"
            : $"The TLS handshake with {peer} failed";
        // These alerts come from the other side: the chain at this end was judged before, by the check.
        string hint = reason.Contains("alert", StringComparison.Ordinal)
            && (reason.Contains("certificate", StringComparison.Ordinal) || reason.Contains("unknown ca", StringComparison.Ordinal))
            ? " It does not accept the device's certificate: compare its authority with the device's."
            : "";
        return new ConnectFailedException(ConnectFailureCause.TlsHandshake, $"{sentence}: {reason.TrimEnd('.')}.{hint}", failure);
    }
}
