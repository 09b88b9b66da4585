using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet.Internal;

/// <summary>A socket to the server, with TLS on it or not.</summary>
internal sealed class ServerTransport : IDisposable
{
    private readonly Socket _socket;

    private ServerTransport(Socket socket, Stream stream)
    {
        _socket = socket;
        Stream = stream;
    }

    public Stream Stream { get; }

    public static async Task<ServerTransport> OpenAsync(MqttClientTcpOptions options, CancellationToken cancellationToken)
    {
        EndPoint server = options.RemoteEndpoint ?? throw new ArgumentException("No end point is set.");
        Socket socket = CreateSocket(options, server);
        try
        {
            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            var network = new NetworkStream(socket, ownsSocket: true);
            Stream stream = options.TlsOptions.UseTls ? await SecureAsync(network, options, cancellationToken).ConfigureAwait(false) : network;
            return new ServerTransport(socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Says that nothing more will be sent. What was sent before arrives, other than by closing at once.</summary>
    public async Task FinishSendingAsync()
    {
        if (Stream is SslStream secure)
        {
            await secure.ShutdownAsync().ConfigureAwait(false);
        }
        _socket.Shutdown(SocketShutdown.Send);
    }

    public void Dispose() => Stream.Dispose();

    private static Socket CreateSocket(MqttClientTcpOptions options, EndPoint server)
    {
        AddressFamily family = server is UnixDomainSocketEndPoint ? AddressFamily.Unix : options.AddressFamily;
        ProtocolType protocol = family == AddressFamily.Unix ? ProtocolType.Unspecified : options.ProtocolType;
        // Without a family the socket speaks both IPv6 and IPv4, as far as the machine does.
        Socket socket = family == AddressFamily.Unspecified ? new Socket(SocketType.Stream, protocol) : new Socket(family, SocketType.Stream, protocol);
        if (protocol == ProtocolType.Tcp)
        {
            socket.NoDelay = options.NoDelay;
        }
        if (options.LingerState is not null)
        {
            socket.LingerState = options.LingerState;
        }
        if (options.LocalEndpoint is not null)
        {
            socket.Bind(options.LocalEndpoint);
        }
        return socket;
    }

    private static async Task<Stream> SecureAsync(NetworkStream network, MqttClientTcpOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(network, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(Authentication(options), cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslClientAuthenticationOptions Authentication(MqttClientTcpOptions options)
    {
        MqttClientTlsOptions tls = options.TlsOptions;
        X509RevocationMode revocation = tls.IgnoreCertificateRevocationErrors ? X509RevocationMode.NoCheck : tls.RevocationMode;
        var authentication = new SslClientAuthenticationOptions
        {
            TargetHost = string.IsNullOrEmpty(tls.TargetHost) ? (options.RemoteEndpoint as DnsEndPoint)?.Host : tls.TargetHost,
            EnabledSslProtocols = tls.SslProtocol,
            ApplicationProtocols = tls.ApplicationProtocols,
            ClientCertificates = tls.ClientCertificatesProvider?.GetCertificates(),
            CertificateRevocationCheckMode = revocation,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(options, certificate, chain, errors),
        };
        if (tls.TrustChain is { Count: > 0 } roots)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = revocation,
                // A private authority seldom says where its revocation list is.
                VerificationFlags = X509VerificationFlags.IgnoreEndRevocationUnknown,
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return authentication;
    }

    private static bool IsTrusted(MqttClientTcpOptions options, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return false;
        }
        if (options.TlsOptions.CertificateValidationHandler is { } handler)
        {
            return handler(new MqttClientCertificateValidationEventArgs(certificate, chain, errors, options));
        }
        if (options.TlsOptions.IgnoreCertificateChainErrors)
        {
            errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        }
        return errors == SslPolicyErrors.None;
    }
}
