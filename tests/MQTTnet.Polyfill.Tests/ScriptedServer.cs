using System.Net;
using System.Net.Sockets;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A server that does exactly what a test tells it to, byte for byte. 5.0 unless said otherwise.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<ScriptedConnection> AcceptAsync() => new(await _listener.AcceptTcpClientAsync().InTime());

    /// <summary>Accepts, reads CONNECT and answers it with success and the given properties.</summary>
    public async Task<ScriptedConnection> GreetAsync(bool sessionPresent = false, params byte[] properties)
    {
        ScriptedConnection connection = await AcceptAsync();
        Assert.Equal(RawPacket.Connect, (await connection.ReadAsync()).Type);
        await connection.SendAsync(0x20, [(byte)(sessionPresent ? 1 : 0), 0, (byte)properties.Length, .. properties]);
        return connection;
    }

    public MqttClientOptionsBuilder Options() => new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithClientId("client").WithCleanStart(false);

    /// <summary>A connected client and the server's end of its connection.</summary>
    public async Task<ScriptedConnection> ConnectAsync(
        IMqttClient client, bool sessionPresent = false, Action<MqttClientOptionsBuilder>? configure = null, params byte[] properties)
    {
        MqttClientOptionsBuilder builder = Options();
        configure?.Invoke(builder);
        Task<MqttClientConnectResult> connecting = client.ConnectAsync(builder.Build());
        ScriptedConnection connection = await GreetAsync(sessionPresent, properties);
        Assert.Equal(sessionPresent, (await connecting.InTime()).IsSessionPresent);
        return connection;
    }

    public void Dispose() => _listener.Dispose();
}
