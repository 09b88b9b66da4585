using System.Buffers;
using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>CONNECT and CONNACK.</summary>
internal static class Handshake
{
    public static async Task<MqttClientConnectResult> PerformAsync(
        Stream stream, PacketInput input, MqttClientOptions options, WireVersion version, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>(256);
        OutgoingPackets.Connect(options, version).Write(output);
        await SendAsync(stream, input, output.WrittenMemory, cancellationToken).ConfigureAwait(false);
        MqttFrame frame;
        while (!input.TryTake(out frame))
        {
            if (!await input.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new MqttCommunicationException("The server closed the connection.");
            }
        }
        if (frame.Type != MqttPacketType.ConnAck)
        {
            throw new MqttProtocolViolationException($"The server answered CONNECT with {frame.Type}.");
        }
        if (!ConnAckPacket.TryRead(frame, version, out ConnAckPacket answer, out MqttReadError error))
        {
            throw ProtocolBreachException.Unreadable(frame.Type, error);
        }
        if (answer.SessionPresent && options.CleanSession)
        {
            throw new ProtocolBreachException(MqttReasonCode.ProtocolError, "The server has a session though a clean start was asked for.");
        }
        return Result(answer, version);
    }

    /// <summary>
    /// In TLS 1.3 a client's handshake is over before the server has looked at its certificate. A server that refuses it says so and closes, so
    /// that writing fails; why, is what is left to be read.
    /// </summary>
    private static async Task SendAsync(Stream stream, PacketInput input, ReadOnlyMemory<byte> connect, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(connect, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static MqttClientConnectResult Result(in ConnAckPacket answer, WireVersion version)
    {
        // Absence means the protocol's default, which for 3.1.1 is all there is; numbers of subscriptions and sharing came with 5.0.
        uint isVersion5 = version == WireVersion.V500 ? 1u : 0;
        MqttProperties properties = answer.Properties;
        return new MqttClientConnectResult
        {
            ResultCode = (MqttClientConnectResultCode)answer.Reason,
            IsSessionPresent = answer.SessionPresent,
            AssignedClientIdentifier = properties.GetText(MqttPropertyId.AssignedClientIdentifier),
            MaximumPacketSize = properties.GetOrDefault(MqttPropertyId.MaximumPacketSize, 0),
            MaximumQoS = (MqttQualityOfServiceLevel)properties.GetOrDefault(MqttPropertyId.MaximumQoS, 2),
            ReasonString = properties.GetText(MqttPropertyId.ReasonString),
            ReceiveMaximum = (ushort)properties.GetOrDefault(MqttPropertyId.ReceiveMaximum, 0),
            ResponseInformation = properties.GetText(MqttPropertyId.ResponseInformation),
            RetainAvailable = properties.GetOrDefault(MqttPropertyId.RetainAvailable, 1) == 1,
            ServerKeepAlive = (ushort)properties.GetOrDefault(MqttPropertyId.ServerKeepAlive, 0),
            ServerReference = properties.GetText(MqttPropertyId.ServerReference),
            SessionExpiryInterval = properties.GetOrDefault(MqttPropertyId.SessionExpiryInterval, 0),
            SharedSubscriptionAvailable = properties.GetOrDefault(MqttPropertyId.SharedSubscriptionAvailable, isVersion5) == 1,
            SubscriptionIdentifiersAvailable = properties.GetOrDefault(MqttPropertyId.SubscriptionIdentifiersAvailable, isVersion5) == 1,
            TopicAliasMaximum = (ushort)properties.GetOrDefault(MqttPropertyId.TopicAliasMaximum, 0),
            UserProperties = properties.GetUser(),
            WildcardSubscriptionAvailable = properties.GetOrDefault(MqttPropertyId.WildcardSubscriptionAvailable, 1) == 1,
        };
    }
}
