using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Tests.Supervision;

/// <summary>The other end of NOTIFY_SOCKET.</summary>
internal sealed class FakeSupervisor : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public FakeSupervisor(string address) => _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));

    public async Task<string> NextAsync()
    {
        byte[] datagram = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        int length = await _socket.ReceiveAsync(datagram, SocketFlags.None, limit.Token);
        return Encoding.UTF8.GetString(datagram, 0, length);
    }

    public void Dispose() => _socket.Dispose();
}
