using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Torture.Kill;

/// <summary>
/// Stands between the agent and the broker, ends TLS on both sides, and lets through everything as it comes. What has passed is noted in the
/// ledger. Whatever one side sent before it died still reaches the other.
/// </summary>
internal sealed class BrokerTap : IAsyncDisposable
{
    /// <summary>How long the rest of a dead connection is waited for.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _brokerPort;
    private readonly X509Certificate2 _certificate;
    private readonly TapLedger _ledger;
    private readonly Task _accepting;

    public BrokerTap(int brokerPort, X509Certificate2 certificate, TapLedger ledger)
    {
        (_brokerPort, _certificate, _ledger) = (brokerPort, certificate, ledger);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Why the ledger cannot be trusted; null where it can.</summary>
    public Exception? Fault { get; private set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient agent = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = RelayAsync(agent);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(TcpClient agent)
    {
        using TcpClient broker = new() { NoDelay = true };
        using (agent)
        {
            try
            {
                agent.NoDelay = true;
                int life = _ledger.BrokerLife;
                await broker.ConnectAsync(IPAddress.Loopback, _brokerPort, _stopping.Token);
                using var far = new SslStream(broker.GetStream(), false, (_, shown, _, _) => shown is not null && shown.GetCertHash().SequenceEqual(_certificate.GetCertHash()));
                await far.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, _stopping.Token);
                using var near = new SslStream(agent.GetStream());
                await near.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
                var observer = new TapObserver(_ledger, life);
                Task up = PumpAsync(near, far, broker, observer.FromAgent);
                Task down = PumpAsync(far, near, agent, observer.FromBroker);
                await Task.WhenAny(up, down);
                await Task.WhenAll(up, down).WaitAsync(Rest, _stopping.Token);
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or TimeoutException
                or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // One side is gone: the other one sees a closed connection.
            }
            catch (Exception fault)
            {
                Fault ??= fault;
            }
        }
    }

    private async Task PumpAsync(SslStream from, SslStream to, TcpClient target, Action<ReadOnlyMemory<byte>> observe)
    {
        byte[] buffer = new byte[64 * 1024];
        bool isGone = false;
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _stopping.Token)) > 0)
            {
                observe(buffer.AsMemory(0, read));
                isGone = isGone || !await TryWriteAsync(to, buffer.AsMemory(0, read));
            }
        }
        catch (IOException)
        {
            // Killed: there is no orderly end.
        }
        try
        {
            // Not closed, which could throw away what is still under way to it.
            target.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It went first.
        }
    }

    private async Task<bool> TryWriteAsync(SslStream to, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await to.WriteAsync(bytes, _stopping.Token);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
