using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Receiving;

/// <summary>The numbers that a 5.0 device uses on one connection in place of topics (section 3.3.2.3.4).</summary>
internal sealed class TopicAliases(int maximum)
{
    private readonly byte[]?[] _topics = new byte[maximum + 1][];

    /// <summary>The topic of a publish, which may set an alias or use one.</summary>
    public bool TryResolve(in PublishPacket publish, out ReadOnlyMemory<byte> topic, out MqttReasonCode reason)
    {
        topic = publish.Topic;
        reason = MqttReasonCode.Success;
        if (publish.Properties.IsEmpty || !publish.Properties.TryGet(MqttPropertyId.TopicAlias, out uint alias))
        {
            return true;
        }
        if (alias >= (uint)_topics.Length)
        {
            reason = MqttReasonCode.TopicAliasInvalid;
            return false;
        }
        if (topic.IsEmpty)
        {
            topic = _topics[alias];
            reason = topic.IsEmpty ? MqttReasonCode.ProtocolError : MqttReasonCode.Success;
            return !topic.IsEmpty;
        }
        if (!topic.Span.SequenceEqual(_topics[alias]))
        {
            _topics[alias] = topic.ToArray();
        }
        return true;
    }
}
