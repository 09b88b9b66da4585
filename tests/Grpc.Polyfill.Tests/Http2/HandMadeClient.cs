using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>A client over TLS whose frames a test writes itself.</summary>
internal static class HandMadeClient
{
    /// <summary>SETTINGS_HEADER_TABLE_SIZE: nothing that the server sends refers to what it sent before.</summary>
    public static readonly (ushort, uint) NoHeaderTable = (1, 0);

    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE: the server may send no body.</summary>
    public static readonly (ushort, uint) NoWindow = (4, 0);

    public static async Task<Http2Wire> ConnectAsync(EchoServer server, params (ushort, uint)[] settings)
    {
        Http2Wire wire = await ConnectSilentlyAsync(server);
        await wire.SendAsync(Http2Wire.Preface);
        await wire.SendAsync(Http2Frame.Settings([NoHeaderTable, .. settings]));
        return wire;
    }

    /// <summary>Says nothing after the handshake.</summary>
    public static async Task<Http2Wire> ConnectSilentlyAsync(EchoServer server)
    {
        var tls = new SslStream(await ConnectTcpAsync(server));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = server.Address.Host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = server.IsTrusted,
        });
        return new Http2Wire(tls);
    }

    public static async Task<NetworkStream> ConnectTcpAsync(EchoServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public static Http2Frame Call(int stream, string path = RawCall.Say, params IEnumerable<(string, string)> more) =>
        Http2Frame.Headers(stream, Hpack.Encode(CallFields(path).Concat(more)));

    public static IEnumerable<(string, string)> CallFields(string path) =>
    [
        (":method", "POST"), (":scheme", "https"), (":path", path), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"),
    ];
}
