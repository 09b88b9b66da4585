using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Diagnostics;
using Grpc.Net.Client;

namespace EdgeAgent.Uplink;

/// <summary>
/// The one connection to the service, shared by the lanes: TLS with the device's certificate, HTTP/2. It connects with the first call,
/// and again with the first one after it broke.
/// </summary>
internal sealed class UplinkConnection(UplinkOptions options, AgentMetrics metrics) : IDisposable
{
    private readonly Lock _gate = new();
    private Generation? _current;
    private Generation? _retired;

    /// <summary>A client over the present connection; over a new one where the credentials' files have changed.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file does not hold what it should.</exception>
    public IngestClient Client()
    {
        lock (_gate)
        {
            if (_current is not { } current || current.Credentials.HaveChanged(options))
            {
                var credentials = new DeviceCredentials(options);
                // Sessions that are in flight end on the connection they began on. By the next change they are long over.
                _retired?.Channel.Dispose();
                _retired = _current;
                _current = current = Connect(credentials);
            }
            return current.Client;
        }
    }

    /// <summary>Nothing passes over the client's connection any more: the next one gets another.</summary>
    public void Abandon(IngestClient dead)
    {
        lock (_gate)
        {
            if (_current?.Client == dead)
            {
                _current.Channel.Dispose();
                _current = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _retired?.Channel.Dispose();
            _current?.Channel.Dispose();
            (_retired, _current) = (null, null);
        }
    }

    private Generation Connect(DeviceCredentials credentials)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = ConnectAsync,
            // A proxy's redirect must not take the device, with its certificate, to another host.
            AllowAutoRedirect = false,
            SslOptions = Authentication(credentials),
            // While a session is open a silent line is probed; an idle connection is left alone until it is closed, since pings would cost
            // more than the handshake that they save.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = options.KeepAlive,
            PooledConnectionIdleTimeout = options.ConnectionIdle,
        };
        GrpcChannel channel = GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        return new Generation(credentials, channel, new IngestClient(channel.CreateCallInvoker()));
    }

    private static SslClientAuthenticationOptions Authentication(DeviceCredentials credentials)
    {
        // The host's name is checked by SslStream itself, whatever the policy.
        var authentication = new SslClientAuthenticationOptions();
        if (credentials.Roots is { } roots)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            authentication.CertificateChainPolicy = policy;
        }
        if (credentials.Device is { } device)
        {
            // Offline: no certificate is fetched from anywhere while the device connects.
            authentication.ClientCertificateContext = SslStreamCertificateContext.Create(device, credentials.Intermediates, offline: true);
        }
        return authentication;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // Nagle's delay would hold back the last part of each session for the acknowledgement of the one before.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            UnsentBytes.Bound(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            metrics.Connections.Add();
            return new CountingStream(new NetworkStream(socket, ownsSocket: true), metrics);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record Generation(DeviceCredentials Credentials, GrpcChannel Channel, IngestClient Client);
}
