using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>
/// The messages of QoS 1 and 2 that came on one connection and are not acknowledged yet. Owners acknowledge in any order; the packets must
/// leave in the order in which the messages came [MQTT-4.6.0-2, MQTT-4.6.0-3], so one that is not due waits for those before it.
/// A message that its owner has declined (<see cref="MqttApplicationMessageReceivedEventArgs.ProcessingFailed"/>) holds nobody up.
/// </summary>
internal sealed class ReceivedOrder(ClientSession session, PacketOutput output, WireVersion version, int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Turn> _turns = new();
    private bool _isEnded;

    /// <summary>A message has come. Null where it is a copy of one that was taken before: it is acknowledged again and not handed over.</summary>
    public Turn? Begin(in PublishPacket publish)
    {
        bool isExactlyOnce = publish.Quality == MqttQualityOfService.ExactlyOnce;
        var turn = new Turn(isExactlyOnce ? MqttPacketType.PubRec : MqttPacketType.PubAck, publish.PacketId);
        bool isCopy = isExactlyOnce && session.IsReceived(publish.PacketId);
        if (isCopy)
        {
            turn.Packet = new AcknowledgePacket { Type = turn.Type, PacketId = turn.PacketId };
            turn.IsSettled = true;
        }
        lock (_gate)
        {
            if (_turns.Count == capacity)
            {
                throw new ProtocolBreachException(
                    MqttReasonCode.ReceiveMaximumExceeded, $"The server sent more than {capacity} messages ahead of their acknowledgements.");
            }
            _turns.Enqueue(turn);
            SendWhatIsDue();
        }
        return isCopy ? null : turn;
    }

    /// <exception cref="MqttClientDisconnectedException">The connection has ended: the message will come again.</exception>
    public void Acknowledge(Turn turn, MqttApplicationMessageReceivedEventArgs message)
    {
        AcknowledgePacket? packet = message.ProcessingFailed ? null : Describe(turn, message);
        lock (_gate)
        {
            if (_isEnded)
            {
                throw new MqttClientDisconnectedException(null);
            }
            if (turn.Type == MqttPacketType.PubRec && packet is { } received)
            {
                // From here on a copy is not handed over, even if this connection ends before the packet's turn has come.
                session.Take(turn.PacketId, received.Reason);
            }
            turn.Packet = packet;
            turn.IsSettled = true;
            SendWhatIsDue();
        }
    }

    /// <summary>The connection has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            _turns.Clear();
        }
    }

    private void SendWhatIsDue()
    {
        while (_turns.TryPeek(out Turn? first) && first.IsSettled)
        {
            _turns.Dequeue();
            if (first.Packet is { } packet)
            {
                output.Write(packet);
            }
        }
    }

    private AcknowledgePacket Describe(Turn turn, MqttApplicationMessageReceivedEventArgs message)
    {
        MqttProperties properties = default;
        if (version == WireVersion.V500 && message.HasResponseProperties)
        {
            properties = new MqttPropertiesBuilder()
                .AddText(MqttPropertyId.ReasonString, message.ResponseReasonString)
                .AddUser(message.ResponseUserProperties)
                .Build();
        }
        return new AcknowledgePacket { Type = turn.Type, PacketId = turn.PacketId, Reason = (MqttReasonCode)message.ReasonCode, Properties = properties };
    }
}
