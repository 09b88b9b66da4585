using System.Net.Sockets;

namespace EdgeAgent.Uplink;

/// <summary>
/// Bounds what lies in the kernel and was not sent once. By itself it takes megabytes, all of them in front of the next live reading. What is on
/// its way and not acknowledged is not bounded by it, so that no line goes empty.
/// </summary>
internal static class UnsentBytes
{
    /// <summary>A page: a thirtieth of a second at 1 Mbit/s.</summary>
    private const int Most = 4 * 1024;

    /// <summary>IPPROTO_TCP and TCP_NOTSENT_LOWAT of linux/tcp.h.</summary>
    private const int TcpLevel = 6, NotSentLowWater = 25;

    public static void Bound(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        Span<byte> value = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(value, Most);
        socket.SetRawSocketOption(TcpLevel, NotSentLowWater, value);
    }
}
