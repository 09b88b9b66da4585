using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Tests.Updates;

/// <summary>Answers at a status socket as an agent of some version would.</summary>
internal sealed class StatusResponder : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public StatusResponder(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = AnswerAsync();
    }

    public event Action? Asked;

    /// <summary>Null: no agent runs.</summary>
    public Func<string?> Version { get; set; } = static () => null;

    public double RunningSeconds { get; set; } = 1000;

    public double? AcknowledgedSecondsAgo { get; set; } = 1;

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync()
    {
        while (true)
        {
            try
            {
                using Socket peer = await _listener.AcceptAsync();
                await AnswerAsync(peer);
            }
            catch (SocketException gone) when (gone.SocketErrorCode is not SocketError.OperationAborted)
            {
                // Who asked does not want to know any more.
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(Socket peer)
    {
        await peer.ReceiveAsync(new byte[4096]);
        Asked?.Invoke();
        string acknowledged = AcknowledgedSecondsAgo is { } seconds ? $"{seconds}" : "null";
        string? version = Version();
        string body = version is null
            ? """{ "state": "rebuilding" }"""
            : $$"""{ "version": "{{version}}", "runningSeconds": {{RunningSeconds}}, "uplink": { "acknowledgedSecondsAgo": {{acknowledged}} } }""";
        string status = version is null ? "503 Service Unavailable" : "200 OK";
        await peer.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }
}
