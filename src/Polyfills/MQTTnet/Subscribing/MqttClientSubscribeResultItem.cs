using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What became of one filter.</summary>
public sealed class MqttClientSubscribeResultItem
{
    /// <summary>As the server answered.</summary>
    public MqttClientSubscribeResultItem(MqttTopicFilter topicFilter, MqttClientSubscribeResultCode resultCode)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        TopicFilter = topicFilter;
        ResultCode = resultCode;
    }

    /// <summary>The quality that is granted, or why there is none.</summary>
    public MqttClientSubscribeResultCode ResultCode { get; }

    /// <summary>The filter.</summary>
    public MqttTopicFilter TopicFilter { get; }
}
