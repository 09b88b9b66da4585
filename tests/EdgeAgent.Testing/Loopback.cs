using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Testing;

/// <summary>Addresses for servers that tests start. Everything listens on loopback only.</summary>
public static class Loopback
{
    /// <summary>A TCP port that was free a moment ago, for foreign servers that cannot pick one themselves.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits until something accepts connections on the port.</summary>
    /// <exception cref="TimeoutException">Nothing listened within the time.</exception>
    public static async Task WaitForPortAsync(int port, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (Environment.TickCount64 < deadline)
            {
                await Task.Delay(20, cancellationToken);
            }
            catch (SocketException refused)
            {
                throw new TimeoutException($"Nothing listens on loopback port {port} after {timeout}.", refused);
            }
        }
    }
}
