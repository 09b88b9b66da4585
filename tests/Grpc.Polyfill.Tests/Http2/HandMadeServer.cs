using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>A server, without TLS, whose frames a test writes itself: the script runs once a connection.</summary>
internal sealed class HandMadeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Http2Wire, int, Task> _script;
    private readonly List<Task> _connections = [];
    private readonly List<Http2Wire> _wires = [];
    private readonly Task _accepting;

    /// <param name="script">Gets the connection and its number, from 0. The connection is closed when it ends.</param>
    public HandMadeServer(Func<Http2Wire, int, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        Client = new Echo.EchoClient(Channel);
    }

    public GrpcChannel Channel { get; }

    public Echo.EchoClient Client { get; }

    public int Connections => _connections.Count;

    /// <summary>The next request of a connection.</summary>
    /// <returns>Its stream; the test fails where the client closes the connection instead.</returns>
    public static async Task<int> NextCallAsync(Http2Wire wire)
    {
        Http2Frame? call = await wire.ReadUntilAsync(frame => frame.Type == Http2FrameType.Headers);
        Assert.NotNull(call);
        return call.Value.Stream;
    }

    public static Http2Frame ResponseHeaders(int stream, params IEnumerable<(string, string)> more) => Http2Frame.Headers(
        stream, Hpack.Encode(new (string, string)[] { (":status", "200"), ("content-type", "application/grpc") }.Concat(more)));

    public static Http2Frame Response(int stream, string text) =>
        Http2Frame.Data(stream, RawCall.Frame(0, new Message { Text = text }.ToByteArray()));

    public static Http2Frame Trailers(int stream, int status = 0) =>
        Http2Frame.Headers(stream, Hpack.Encode(("grpc-status", $"{status}")), endsStream: true);

    public static Task AnswerAsync(Http2Wire wire, int stream, string text) =>
        wire.SendAsync(ResponseHeaders(stream), Response(stream, text), Trailers(stream));

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _listener.Stop();
        await _accepting;
        foreach (Http2Wire wire in _wires)
        {
            await wire.DisposeAsync();
        }
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                var wire = new Http2Wire(new NetworkStream(socket, ownsSocket: true));
                _wires.Add(wire);
                _connections.Add(RunAsync(wire, _connections.Count));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed, while it waited or between two connections.
        }
    }

    private async Task RunAsync(Http2Wire wire, int number)
    {
        await using (wire)
        {
            try
            {
                await wire.Stream.ReadExactlyAsync(new byte[Http2Wire.Preface.Length]);
                await wire.SendAsync(Http2Frame.Settings());
                await _script(wire, number);
            }
            catch (Exception broken) when (broken is IOException or ObjectDisposedException)
            {
                // The client is gone; what it made of the script is what the test looks at.
            }
        }
    }
}
