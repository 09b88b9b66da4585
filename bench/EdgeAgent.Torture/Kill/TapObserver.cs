using System.Buffers.Text;
using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Torture.Kill;

/// <summary>Reads the packets of one connection as they pass.</summary>
internal sealed class TapObserver(TapLedger ledger, int brokerLife)
{
    private static ReadOnlySpan<byte> NumberPrefix => "{\"n\":"u8;

    private readonly PacketCutter _fromAgent = new();
    private readonly PacketCutter _fromBroker = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, int> _delivered = [];
    private MqttProtocolVersion _version = MqttProtocolVersion.V500;

    public void FromAgent(ReadOnlyMemory<byte> bytes) => _fromAgent.Cut(bytes, frame =>
    {
        if (frame.Type == MqttPacketType.Connect)
        {
            // string "MQTT", then the level of the protocol.
            _version = (MqttProtocolVersion)frame.Body.Span[6];
        }
        else if (frame.Type == MqttPacketType.PubAck && AcknowledgePacket.TryRead(frame, _version, out AcknowledgePacket acknowledged, out _))
        {
            lock (_lock)
            {
                ledger.Acknowledged(_delivered[acknowledged.PacketId], brokerLife);
            }
        }
    });

    public void FromBroker(ReadOnlyMemory<byte> bytes) => _fromBroker.Cut(bytes, frame =>
    {
        if (frame.Type != MqttPacketType.Publish)
        {
            return;
        }
        if (!PublishPacket.TryRead(frame, _version, out PublishPacket message, out MqttReadError error)
            || !message.Payload.Span.StartsWith(NumberPrefix)
            || !Utf8Parser.TryParse(message.Payload.Span[NumberPrefix.Length..], out int number, out _))
        {
            throw new InvalidOperationException($"The broker delivered something that nobody published: {error}");
        }
        lock (_lock)
        {
            _delivered[message.PacketId] = number;
            ledger.Delivered(number, message.PacketId, message.Duplicate, brokerLife);
        }
    });
}
