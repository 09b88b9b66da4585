using System.Text;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Tests;

/// <summary>All that a packet says, as text, so that two packets can be compared by what they mean; and the bytes of the packet written anew.</summary>
internal static class Meaning
{
    /// <summary>The error where the frame is refused; otherwise None, the meaning and the bytes.</summary>
    public static MqttReadError Of(in MqttFrame frame, MqttProtocolVersion version, out string meaning, out byte[] rewritten)
    {
        meaning = "";
        rewritten = [];
        MqttReadError error;
        switch (frame.Type)
        {
            case MqttPacketType.Connect:
                if (ConnectPacket.TryRead(frame, out ConnectPacket connect, out error))
                {
                    meaning = $"{connect.Version} {connect.CleanStart} {connect.KeepAlive} {Hex(connect.ClientId)} [{Of(connect.Properties)}] "
                        + $"{Hex(connect.UserName)} {Hex(connect.Password)} {(connect.Will is { } will ? Of(will) : "-")}";
                    rewritten = Bytes.Of(connect);
                }
                break;
            case MqttPacketType.ConnAck:
                if (ConnAckPacket.TryRead(frame, version, out ConnAckPacket connAck, out error))
                {
                    meaning = $"{connAck.SessionPresent} {connAck.Reason} [{Of(connAck.Properties)}]";
                    rewritten = Bytes.Of(connAck, version);
                }
                break;
            case MqttPacketType.Publish:
                if (PublishPacket.TryRead(frame, version, out PublishPacket publish, out error))
                {
                    meaning = $"{publish.Duplicate} {publish.Quality} {publish.Retain} {Hex(publish.Topic)} {publish.PacketId} [{Of(publish.Properties)}] {Hex(publish.Payload)}";
                    rewritten = Bytes.Of(publish, version);
                }
                break;
            case MqttPacketType.Subscribe:
                if (SubscribePacket.TryRead(frame, version, out SubscribePacket subscribe, out error))
                {
                    meaning = $"{subscribe.PacketId} [{Of(subscribe.Properties)}] "
                        + string.Join(' ', subscribe.Subscriptions.ToArray().Select(wish => $"{Hex(wish.Filter)} {wish.MaximumQuality} {wish.NoLocal} {wish.RetainAsPublished} {wish.RetainHandling}"));
                    rewritten = Bytes.Of(subscribe, version);
                }
                break;
            case MqttPacketType.Unsubscribe:
                if (UnsubscribePacket.TryRead(frame, version, out UnsubscribePacket unsubscribe, out error))
                {
                    meaning = $"{unsubscribe.PacketId} [{Of(unsubscribe.Properties)}] " + string.Join(' ', unsubscribe.Filters.ToArray().Select(filter => Hex(filter)));
                    rewritten = Bytes.Of(unsubscribe, version);
                }
                break;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                if (SubscriptionReplyPacket.TryRead(frame, version, out SubscriptionReplyPacket reply, out error))
                {
                    meaning = $"{reply.PacketId} [{Of(reply.Properties)}] {Hex(reply.Codes)}";
                    rewritten = Bytes.Of(reply, version);
                }
                break;
            case MqttPacketType.PingReq or MqttPacketType.PingResp:
                if (PingPacket.TryRead(frame, out PingPacket ping, out error))
                {
                    rewritten = Bytes.Of(ping, version);
                }
                break;
            case MqttPacketType.Disconnect or MqttPacketType.Auth:
                if (DisconnectPacket.TryRead(frame, version, out DisconnectPacket disconnect, out error))
                {
                    meaning = $"{disconnect.Reason} [{Of(disconnect.Properties)}]";
                    rewritten = Bytes.Of(disconnect, version);
                }
                break;
            default:
                if (AcknowledgePacket.TryRead(frame, version, out AcknowledgePacket acknowledge, out error))
                {
                    meaning = $"{acknowledge.PacketId} {acknowledge.Reason} [{Of(acknowledge.Properties)}]";
                    rewritten = Bytes.Of(acknowledge, version);
                }
                break;
        }
        Assert.Equal(error == MqttReadError.None, rewritten.Length > 0);
        meaning = $"{frame.Type} {meaning}";
        return error;
    }

    private static string Of(in MqttWill will) => $"{Hex(will.Topic)} {Hex(will.Payload)} {will.Quality} {will.Retain} [{Of(will.Properties)}]";

    private static string Of(in MqttProperties properties)
    {
        var text = new StringBuilder();
        foreach (MqttProperty property in properties)
        {
            text.Append($"{property.Id}={property.Number}:{Hex(property.Bytes)}:{Hex(property.UserValue)} ");
        }
        return text.ToString();
    }

    private static string Hex(ReadOnlyMemory<byte>? bytes) => bytes is { } given ? $"x{Convert.ToHexString(given.Span)}" : "-";
}
