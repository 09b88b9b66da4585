using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>A device that speaks just enough MQTT 3.1.1, byte by byte, so that nothing of ours is on both sides of a test.</summary>
internal sealed class RawDevice : IDisposable
{
    private readonly Stream _stream;

    private RawDevice(Stream stream) => _stream = stream;

    /// <returns>The device, and the CONNACK's return code.</returns>
    public static async Task<(RawDevice Device, int ReturnCode)> ConnectAsync(
        IPEndPoint intake, string? user = null, string? password = null, X509Certificate2? authority = null, X509Certificate2? certificate = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(intake.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, intake.Port) : intake);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (authority is not null)
        {
            var tls = new SslStream(stream, false, (_, shown, _, _) => shown is not null && IsIssuedBy(authority, shown));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificates = certificate is null ? null : [certificate],
            });
            stream = tls;
        }
        var device = new RawDevice(stream);
        int flags = 0x02 | (user is null ? 0 : 0x80) | (password is null ? 0 : 0x40);
        byte[] body =
        [
            .. Text("MQTT"), 4, (byte)flags, 0, 60, .. Text("raw-device"), .. user is null ? [] : Text(user), .. password is null ? [] : Text(password),
        ];
        await stream.WriteAsync((byte[])[0x10, (byte)body.Length, .. body]);
        byte[] reply = await device.ReceiveAsync(4);
        Assert.Equal(0x20, reply[0]);
        return (device, reply[3]);
    }

    public async Task PublishAsync(string topic, string payload, ushort packetId, bool isDuplicate = false, bool isRetained = false)
    {
        byte[] body = [.. Text(topic), (byte)(packetId >> 8), (byte)packetId, .. Encoding.UTF8.GetBytes(payload)];
        await _stream.WriteAsync((byte[])[(byte)(0x32 | (isDuplicate ? 8 : 0) | (isRetained ? 1 : 0)), (byte)body.Length, .. body]);
    }

    /// <returns>The packet id of the next PUBACK.</returns>
    public async Task<int> AcknowledgedAsync()
    {
        byte[] packet = await ReceiveAsync(4);
        Assert.Equal((0x40, 2), (packet[0], packet[1]));
        return (packet[2] << 8) | packet[3];
    }

    public void Dispose() => _stream.Dispose();

    private async Task<byte[]> ReceiveAsync(int length)
    {
        var bytes = new byte[length];
        using var expired = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _stream.ReadExactlyAsync(bytes, expired.Token);
        return bytes;
    }

    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private static bool IsIssuedBy(X509Certificate2 authority, X509Certificate shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(X509CertificateLoader.LoadCertificate(shown.GetRawCertData()));
    }
}
