using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using EdgeAgent.Mqtt.Packets;

namespace MQTTnet.Internal;

/// <summary>
/// The QoS 2 publishes of one session that ended with a connection. Their callers were told that the message may or may not have arrived. Who
/// then publishes the same <see cref="MqttApplicationMessage"/> object again continues the handshake where it stopped, under the same packet
/// id, so that the message arrives once; any other message takes another id.
/// <code>
/// in flight ──connection ended──▶ awaits PUBREC ──published again: PUBLISH with dup──▶ in flight
///                                   │ its object is gone ──next connection: PUBREL──▶ awaits PUBCOMP
///               └──after PUBREC──▶ awaits PUBCOMP, PUBREL is sent on the next connection ──published again──▶ in flight, nothing is sent
///                                   │ PUBCOMP ──▶ ended ──published again: the answer is here already
/// </code>
/// An id is not used for another message before its PUBCOMP, since a server that still knows it would take the next publish for a copy.
/// Messages are held weakly, so that a program that gives up a message costs nothing.
/// </summary>
internal sealed class InterruptedPublishes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, InterruptedPublish> _byId = [];
    private readonly ConditionalWeakTable<MqttApplicationMessage, InterruptedPublish> _byMessage = [];

    /// <summary>A connection stands, on which the session goes on. Returns the ids to be released on it.</summary>
    public IReadOnlyList<ushort> Resume()
    {
        var due = new List<ushort>();
        lock (_gate)
        {
            foreach (InterruptedPublish publish in _byId.Values)
            {
                if (publish.Awaits == MqttPacketType.PubComp || !publish.IsAlive)
                {
                    publish.Awaits = MqttPacketType.PubComp;
                    due.Add(publish.PacketId);
                }
            }
        }
        return due;
    }

    public bool Uses(ushort packetId)
    {
        lock (_gate)
        {
            return _byId.ContainsKey(packetId);
        }
    }

    /// <summary>A publish has lost its connection.</summary>
    public void Add(ushort packetId, MqttApplicationMessage message, MqttPacketType awaits, EdgeAgent.Mqtt.MqttReasonCode received)
    {
        var publish = new InterruptedPublish(packetId, message, awaits, received);
        lock (_gate)
        {
            publish.Next = _byMessage.TryGetValue(message, out InterruptedPublish? other) ? other : null;
            _byMessage.AddOrUpdate(message, publish);
            _byId[packetId] = publish;
        }
    }

    /// <summary>The message is published again: its interrupted publish, which from here on is the caller's.</summary>
    public bool TryContinue(MqttApplicationMessage message, [NotNullWhen(true)] out InterruptedPublish? publish)
    {
        lock (_gate)
        {
            if (!_byMessage.TryGetValue(message, out publish))
            {
                return false;
            }
            _byMessage.Remove(message);
            if (publish.Next is { } next)
            {
                _byMessage.Add(message, next);
            }
            if (publish.Ended is null)
            {
                _byId.Remove(publish.PacketId);
            }
            return true;
        }
    }

    /// <summary>PUBCOMP has come for a publish that nobody has continued yet. What is not known is left alone.</summary>
    public void Finish(in AcknowledgePacket packet)
    {
        lock (_gate)
        {
            if (_byId.Remove(packet.PacketId, out InterruptedPublish? publish))
            {
                publish.Ended = ServerReply.OfExactlyOnce(packet, publish.Received);
            }
        }
    }

    public void Forget()
    {
        lock (_gate)
        {
            _byId.Clear();
            _byMessage.Clear();
        }
    }
}
