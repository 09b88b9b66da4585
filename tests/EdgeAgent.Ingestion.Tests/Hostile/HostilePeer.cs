using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grpc.Polyfill.Tests.Http2;

namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>A peer with a device's certificate that writes its frames itself.</summary>
internal static class HostilePeer
{
    public const string Upload = "/edge.v1.Ingest/Upload";

    public static async Task<Socket> ConnectTcpAsync(RunningService service)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, service.IngestPort);
        return socket;
    }

    public static Task<Http2Wire> ConnectAsync(RunningService service, string device) => ConnectAsync(service, Credentials(service, device));

    /// <summary>What a device shows and trusts: making it costs more than connecting.</summary>
    public static SslClientAuthenticationOptions Credentials(RunningService service, string device)
    {
        using SocketsHttpHandler handler = service.Handler(device);
        SslClientAuthenticationOptions options = handler.SslOptions;
        (options.TargetHost, options.ApplicationProtocols) = ("localhost", [SslApplicationProtocol.Http2]);
        return options;
    }

    public static async Task<Http2Wire> ConnectAsync(RunningService service, SslClientAuthenticationOptions options)
    {
        var tls = new SslStream(new NetworkStream(await ConnectTcpAsync(service), ownsSocket: true));
        await tls.AuthenticateAsClientAsync(options);
        var wire = new Http2Wire(tls);
        await wire.SendAsync(Http2Wire.Preface);
        await wire.SendAsync(Http2Frame.Settings([(1, 0)]));
        return wire;
    }

    public static Http2Frame Call(int stream, params IEnumerable<(string, string)> more) => Http2Frame.Headers(stream, Hpack.Encode(CallFields.Concat(more)));

    public static IEnumerable<(string, string)> CallFields =>
    [
        (":method", "POST"), (":scheme", "https"), (":path", Upload), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"),
    ];

    /// <summary>message := compressed:u8 length:u32be *octet</summary>
    public static byte[] Message(byte compressed, byte[] payload, uint? length = null)
    {
        byte[] message = new byte[5 + payload.Length];
        message[0] = compressed;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), length ?? (uint)payload.Length);
        payload.CopyTo(message, 5);
        return message;
    }
}
