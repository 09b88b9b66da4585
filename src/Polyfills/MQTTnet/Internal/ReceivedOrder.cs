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
internal sealed class ReceivedOrder(HandedOver incoming, PacketOutput output, ServerLimits limits, WireVersion version)
{
    /// <summary>
    /// As many as there are packet ids. The receive maximum that was asked for is no limit here: mosquitto exceeds it where
    /// max_inflight_messages is 0, and giving such a server up would end in connecting to it for ever.
    /// </summary>
    private const int Capacity = ushort.MaxValue;

    private readonly Lock _gate = new();
    private readonly Queue<Turn> _turns = new();
    private bool _isEnded;

    /// <summary>A message has come.</summary>
    public Turn Begin(in PublishPacket publish)
    {
        bool isExactlyOnce = publish.Quality == MqttQualityOfService.ExactlyOnce;
        var turn = new Turn(isExactlyOnce ? MqttPacketType.PubRec : MqttPacketType.PubAck, publish.PacketId);
        lock (_gate)
        {
            if (_turns.Count == Capacity)
            {
                throw new ProtocolBreachException(
                    MqttReasonCode.ReceiveMaximumExceeded, $"The server sent more than {Capacity} messages ahead of their acknowledgements.");
            }
            _turns.Enqueue(turn);
        }
        return turn;
    }

    /// <summary>
    /// The handler is free for a message. False where it is a copy of one that was taken before, which is acknowledged again and not handed over; and where
    /// the connection has ended since it was taken from the queue, so that its owner could not acknowledge it any more and the server sends it again.
    /// Asked at the last moment, because an owner from an earlier connection may have finished since the copy came.
    /// </summary>
    public bool TryHandOver(Turn turn)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return false;
            }
            if (turn.Type == MqttPacketType.PubAck || incoming.TryHandOver(turn))
            {
                return true;
            }
            Settle(turn, new AcknowledgePacket { Type = turn.Type, PacketId = turn.PacketId });
            return false;
        }
    }

    /// <exception cref="MqttClientDisconnectedException">The connection has ended: the message will come again.</exception>
    public void Acknowledge(Turn turn, MqttApplicationMessageReceivedEventArgs message)
    {
        AcknowledgePacket? packet = message.ProcessingFailed ? null : Describe(turn, message);
        lock (_gate)
        {
            bool isTaken = turn.Type == MqttPacketType.PubRec && packet is { Reason: < MqttReasonCode.UnspecifiedError };
            if (_isEnded)
            {
                if (isTaken && incoming.TryTakeOrphan(turn))
                {
                    return;
                }
                throw new MqttClientDisconnectedException(null);
            }
            if (isTaken)
            {
                // From here on a copy is not handed over, even if this connection ends before the packet's turn has come.
                incoming.Take(turn);
            }
            Settle(turn, packet);
        }
    }

    /// <summary>The connection has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            foreach (Turn turn in _turns)
            {
                if (turn is { Type: MqttPacketType.PubRec, IsSettled: false })
                {
                    incoming.Orphan(turn);
                }
            }
            _turns.Clear();
        }
    }

    private void Settle(Turn turn, AcknowledgePacket? packet)
    {
        turn.Packet = packet;
        turn.IsSettled = true;
        SendWhatIsDue();
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
            properties = limits.Allow(properties) ? properties : default;
        }
        return new AcknowledgePacket { Type = turn.Type, PacketId = turn.PacketId, Reason = (MqttReasonCode)message.ReasonCode, Properties = properties };
    }
}
