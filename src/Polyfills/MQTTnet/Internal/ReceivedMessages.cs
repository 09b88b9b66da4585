using System.Buffers;
using System.Text;
using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;
using MQTTnet.Protocol;

namespace MQTTnet.Internal;

/// <summary>Makes messages of PUBLISH packets. Topic and payload leave the receive buffer here, in the only copy that is made of them.</summary>
internal sealed class ReceivedMessages(int topicAliasMaximum)
{
    /// <summary>A device has some dozens of topics, and says them again and again.</summary>
    private const int RememberedTopics = 64;

    private readonly TopicAliases _aliases = new(topicAliasMaximum);
    private readonly (byte[] Encoded, string Text)[] _topics = new (byte[], string)[RememberedTopics];

    public MqttApplicationMessage Read(in PublishPacket publish)
    {
        if (!_aliases.TryResolve(publish, out ReadOnlyMemory<byte> topic, out MqttReasonCode reason))
        {
            throw new ProtocolBreachException(reason, "The server used a topic alias that does not exist.");
        }
        var message = new MqttApplicationMessage
        {
            Topic = TextOf(topic.Span),
            Payload = publish.Payload.IsEmpty ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(publish.Payload.ToArray()),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)publish.Quality,
            Retain = publish.Retain,
            Dup = publish.Duplicate,
        };
        if (!publish.Properties.IsEmpty)
        {
            ReadProperties(publish.Properties, message);
        }
        return message;
    }

    private static void ReadProperties(in MqttProperties properties, MqttApplicationMessage message)
    {
        foreach (MqttProperty property in properties)
        {
            switch (property.Id)
            {
                case MqttPropertyId.PayloadFormatIndicator:
                    message.PayloadFormatIndicator = (MqttPayloadFormatIndicator)property.Number;
                    break;
                case MqttPropertyId.MessageExpiryInterval:
                    message.MessageExpiryInterval = property.Number;
                    break;
                case MqttPropertyId.ContentType:
                    message.ContentType = Encoding.UTF8.GetString(property.Bytes.Span);
                    break;
                case MqttPropertyId.ResponseTopic:
                    message.ResponseTopic = Encoding.UTF8.GetString(property.Bytes.Span);
                    break;
                case MqttPropertyId.CorrelationData:
                    message.CorrelationData = property.Bytes.ToArray();
                    break;
                case MqttPropertyId.SubscriptionIdentifier:
                    (message.SubscriptionIdentifiers ??= []).Add(property.Number);
                    break;
                case MqttPropertyId.TopicAlias:
                    message.TopicAlias = (ushort)property.Number;
                    break;
            }
        }
        message.UserProperties = properties.GetUser();
    }

    private string TextOf(ReadOnlySpan<byte> topic)
    {
        var hash = new HashCode();
        hash.AddBytes(topic);
        ref (byte[] Encoded, string Text) remembered = ref _topics[(uint)hash.ToHashCode() % RememberedTopics];
        if (!topic.SequenceEqual(remembered.Encoded))
        {
            remembered = (topic.ToArray(), Encoding.UTF8.GetString(topic));
        }
        return remembered.Text;
    }
}
