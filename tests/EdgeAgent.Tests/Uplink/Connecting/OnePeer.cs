using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>A listener by hand, for peers that do not do what they should, and single attempts to connect to it.</summary>
internal sealed class OnePeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    /// <param name="serve">What it does with each connection; null: it listens and takes none.</param>
    public OnePeer(Func<Stream, CancellationToken, Task>? serve = null)
    {
        _listener.Start();
        if (serve is not null)
        {
            _ = ServeAsync(serve);
        }
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>One attempt with the rig's options, past gRPC and the HTTP handler.</summary>
    public static async Task<SslStream> ConnectAsync(UplinkRig rig, Uri endpoint, NameLookup? lookup = null)
    {
        var connector = new ServiceConnector(
            endpoint,
            new Dialer(lookup ?? Dns.GetHostAddressesAsync, rig.Metrics, TimeProvider.System),
            new ProxyChoice(rig.Options.Proxy, static _ => null),
            new ServiceTls(new DeviceCredentials(rig.Options), rig.Options, new CertificateTimes(rig.Clock, TimeProvider.System)),
            rig.Options,
            rig.Metrics,
            rig.Time);
        return (SslStream)await connector.ConnectAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>An attempt that fails, and is counted as what it was.</summary>
    public static async Task<string> FailAsync(UplinkRig rig, Uri endpoint, ConnectFailureCause cause, NameLookup? lookup = null)
    {
        ConnectFailedException failure = await Assert.ThrowsAsync<ConnectFailedException>(() => ConnectAsync(rig, endpoint, lookup));
        Assert.Equal(cause, failure.Cause);
        Assert.Equal((1, 1), (rig.Metrics.ConnectFailures[cause], rig.Metrics.ConnectFailures.Sum));
        return failure.Message;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<Stream, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                _ = OneAsync(socket);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        async Task OneAsync(Socket socket)
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            try
            {
                await serve(stream, _stop.Token);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The agent left.
            }
        }
    }
}
