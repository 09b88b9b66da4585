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
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2)); // programs start slowly where others build
        int length = await _socket.ReceiveAsync(datagram, SocketFlags.None, limit.Token);
        return Encoding.UTF8.GetString(datagram, 0, length);
    }

    /// <summary>What has come by now, in its order.</summary>
    public IReadOnlyList<string> Heard()
    {
        var heard = new List<string>();
        byte[] datagram = new byte[4096];
        while (_socket.Poll(0, SelectMode.SelectRead))
        {
            heard.Add(Encoding.UTF8.GetString(datagram, 0, _socket.Receive(datagram)));
        }
        return heard;
    }

    public void Dispose() => _socket.Dispose();
}
