using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>What the server says besides messages and PINGRESP: answers to requests, releases of QoS 2 messages, and farewells.</summary>
internal sealed class ServerAnswers(PacketOutput output, PendingRequests requests, PublishGate gate, ClientSession session, WireVersion version)
{
    /// <summary>Null where the connection goes on.</summary>
    public ConnectionEnd? Read(in MqttFrame frame)
    {
        MqttReadError error;
        switch (frame.Type)
        {
            case MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubRel or MqttPacketType.PubComp:
                if (AcknowledgePacket.TryRead(frame, version, out AcknowledgePacket acknowledgement, out error))
                {
                    Dispatch(acknowledgement);
                    return null;
                }
                break;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                if (SubscriptionReplyPacket.TryRead(frame, version, out SubscriptionReplyPacket reply, out error))
                {
                    if (requests.Find(reply.PacketId) is { } request && request.Awaits == reply.Type)
                    {
                        requests.Remove(request);
                        request.TrySetResult(ServerReply.From(reply));
                    }
                    return null;
                }
                break;
            case MqttPacketType.Disconnect when version == WireVersion.V500:
                if (DisconnectPacket.TryRead(frame, version, out DisconnectPacket farewell, out error))
                {
                    return ConnectionEnd.ByServer(farewell);
                }
                break;
            default:
                // A second CONNACK, an AUTH that nobody asked for, or a packet that only clients send.
                throw new ProtocolBreachException(MqttReasonCode.ProtocolError, $"The server sent a {frame.Type} packet, which it must not.");
        }
        throw ProtocolBreachException.Unreadable(frame.Type, error);
    }

    private void Dispatch(in AcknowledgePacket packet)
    {
        if (packet.Type == MqttPacketType.PubRel)
        {
            bool isKnown = session.Incoming.Release(packet.PacketId);
            Answer(MqttPacketType.PubComp, packet.PacketId, isKnown);
            return;
        }
        PendingRequest? request = requests.Find(packet.PacketId);
        switch (packet.Type)
        {
            case MqttPacketType.PubAck when request is { Awaits: MqttPacketType.PubAck }:
                Finish(request, ServerReply.From(packet, packet.Reason));
                break;
            case MqttPacketType.PubRec when request is { Awaits: MqttPacketType.PubRec } && packet.Reason >= MqttReasonCode.UnspecifiedError:
                Finish(request, ServerReply.From(packet, packet.Reason));
                break;
            case MqttPacketType.PubRec:
                // Also the second PUBREC of one publish, and one for a publish of an earlier connection.
                bool isKnown = request is { Awaits: MqttPacketType.PubRec or MqttPacketType.PubComp };
                if (request is { Awaits: MqttPacketType.PubRec })
                {
                    request.Awaits = MqttPacketType.PubComp;
                    request.Received = packet.Reason;
                }
                Answer(MqttPacketType.PubRel, packet.PacketId, isKnown);
                break;
            case MqttPacketType.PubComp when request is { Awaits: MqttPacketType.PubComp }:
                Finish(request, ServerReply.OfExactlyOnce(packet, request.Received));
                break;
            case MqttPacketType.PubComp:
                session.Outgoing.Finish(packet);
                break;
        }
    }

    private void Finish(PendingRequest request, in ServerReply reply)
    {
        requests.Remove(request);
        gate.ReturnQuota();
        request.TrySetResult(reply);
    }

    private void Answer(MqttPacketType type, ushort packetId, bool isKnown) =>
        output.Write(new AcknowledgePacket
        {
            Type = type,
            PacketId = packetId,
            Reason = isKnown ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound,
        });
}
