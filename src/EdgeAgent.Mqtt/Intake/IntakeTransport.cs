using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Mqtt.Io;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>The bytes of one connection, plain or encrypted, and how to end it so that the device still gets our last word.</summary>
internal sealed class IntakeTransport : IAsyncDisposable
{
    /// <summary>How long the device may take to close its side after our last word.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;

    public IntakeTransport(Socket socket)
    {
        _socket = socket;
        Remote = (IPEndPoint)socket.RemoteEndPoint!;
        // Acknowledgements are gathered by us, not by Nagle. TCP's own keep-alive finds peers that are gone where MQTT's is off: after two minutes.
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        Stream = new NetworkStream(socket, ownsSocket: true);
    }

    public IPEndPoint Remote { get; }

    /// <summary>What to read from and write to; encrypted after <see cref="EncryptAsync"/>.</summary>
    public Stream Stream { get; private set; }

    public bool IsEncrypted => Stream is SslStream;

    public X509Certificate2? ClientCertificate => (Stream as SslStream)?.RemoteCertificate as X509Certificate2;

    public async Task EncryptAsync(SslServerAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(Stream);
        Stream = encrypted;
        await encrypted.AuthenticateAsServerAsync(tls, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Says that no more comes and waits for the device to close. Without this wait, unread bytes of its would make our kernel reset the
    /// connection and take our last word with it.
    /// </summary>
    public async Task LingerAsync(TimeProvider time)
    {
        using var expired = new CancellationTokenSource(Linger, time);
        try
        {
            if (Stream is SslStream encrypted)
            {
                await encrypted.ShutdownAsync().ConfigureAwait(false);
            }
            _socket.Shutdown(SocketShutdown.Send);
            byte[] discarded = new byte[ReceiveBuffer.Small];
            while (await _socket.ReceiveAsync(discarded, expired.Token).ConfigureAwait(false) > 0)
            {
                // What the device says now, nobody hears.
            }
        }
        catch (Exception gone) when (IsFault(gone) || gone is OperationCanceledException or InvalidOperationException)
        {
            // The connection was to be closed anyway.
        }
    }

    /// <summary>Reads and writes that are under way fail at once.</summary>
    public void Abort() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
    }

    /// <summary>Whether an exception says that the connection is broken.</summary>
    public static bool IsFault(Exception fault) => fault is IOException or SocketException or ObjectDisposedException;
}
