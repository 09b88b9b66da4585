using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>From a PUBLISH packet to the queue before the handler.</summary>
internal sealed class MessageReader(ReceivedMessages messages, ReceivedOrder order, MessageQueue queue, WireVersion version, string clientId)
{
    /// <summary>False where the reader must wait for the handler before it goes on.</summary>
    public bool Read(in MqttFrame frame)
    {
        if (!PublishPacket.TryRead(frame, version, out PublishPacket publish, out MqttReadError error))
        {
            throw ProtocolBreachException.Unreadable(frame.Type, error);
        }
        MqttApplicationMessage message = messages.Read(publish);
        Turn? turn = publish.Quality == MqttQualityOfService.AtMostOnce ? null : order.Begin(publish);
        return queue.Add(new MqttApplicationMessageReceivedEventArgs(clientId, message, order, turn));
    }
}
