using MQTTnet.Adapter;
using MQTTnet.Formatter;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>From options to a connection: socket, TLS, CONNECT, CONNACK.</summary>
internal sealed class ConnectionAttempt
{
    private readonly MqttClientOptions _options;
    private readonly MqttClientTcpOptions _server;
    private readonly WireVersion _version;

    /// <exception cref="ArgumentException">There is no server in the options.</exception>
    /// <exception cref="NotSupportedException">The version is not spoken, or does not have what is asked for.</exception>
    public ConnectionAttempt(MqttClientOptions options)
    {
        _options = options;
        _server = options.ChannelOptions as MqttClientTcpOptions ?? throw new ArgumentException("ChannelOptions are not set.", nameof(options));
        _version = options.ProtocolVersion switch
        {
            MqttProtocolVersion.V311 => WireVersion.V311,
            MqttProtocolVersion.V500 => WireVersion.V500,
            _ => throw new NotSupportedException($"MQTT version {options.ProtocolVersion} is not spoken here."),
        };
        if (options.ValidateFeatures)
        {
            VersionFeatures.ThrowIfNotSupported(options);
        }
    }

    /// <summary>The server's answer, and where it is a good one the connection, which then is to be run.</summary>
    public async Task<(MqttClientConnectResult Answer, ClientConnection? Connection)> MakeAsync(
        ClientSession session, TimeProvider time, CancellationToken cancellationToken)
    {
        ServerTransport transport = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var input = new PacketInput(transport.Stream, _options.MaximumPacketSize);
        ClientConnection? connection = null;
        try
        {
            MqttClientConnectResult answer = await Handshake.PerformAsync(transport.Stream, input, _options, _version, cancellationToken).ConfigureAwait(false);
            if (answer.ResultCode == MqttClientConnectResultCode.Success)
            {
                connection = new ClientConnection(transport, input, _options, _version, answer, session, time);
            }
            return (answer, connection);
        }
        catch (Exception failure)
        {
            throw new MqttConnectingFailedException($"The server did not answer CONNECT: {failure.GetBaseException().Message}", failure);
        }
        finally
        {
            if (connection is null)
            {
                transport.Dispose();
                input.Dispose();
            }
        }
    }

    private async Task<ServerTransport> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ServerTransport.OpenAsync(_server, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw ConnectionEnd.Wrap(failure);
        }
    }
}
