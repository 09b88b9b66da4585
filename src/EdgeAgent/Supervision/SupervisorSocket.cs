using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Supervision;

/// <summary>
/// Tells the supervisor of this process what it should know, in the protocol of sd_notify(3): one datagram of UTF-8 to the Unix socket that the environment
/// names.
/// <code>
/// datagram      := assignment { LF assignment }
/// assignment    := NAME "=" value             STATUS=what `systemctl status` shows
/// NOTIFY_SOCKET := path | "@" name            "@" is an abstract socket
/// </code>
/// </summary>
internal sealed class SupervisorSocket(string? address)
{
    public static SupervisorSocket FromEnvironment() => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>Sends <c>STATUS=</c> and a text of one line.</summary>
    public NoticeOutcome TellStatus(string text)
    {
        if (string.IsNullOrEmpty(address))
        {
            return NoticeOutcome.NoSupervisor;
        }
        try
        {
            // .NET wants the byte 0 of an abstract name as it is. A socket for each notice: they are minutes apart.
            var endpoint = new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            socket.SendTo(Encoding.UTF8.GetBytes($"STATUS={text.ReplaceLineEndings(" ")}"), endpoint);
            return NoticeOutcome.Sent;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return NoticeOutcome.Unreachable;
        }
    }
}
