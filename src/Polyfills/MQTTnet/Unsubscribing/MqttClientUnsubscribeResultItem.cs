namespace MQTTnet;

/// <summary>What became of one filter.</summary>
public sealed class MqttClientUnsubscribeResultItem
{
    /// <summary>As the server answered.</summary>
    public MqttClientUnsubscribeResultItem(string topicFilter, MqttClientUnsubscribeResultCode resultCode)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        TopicFilter = topicFilter;
        ResultCode = resultCode;
    }

    /// <summary>Success, or why not; 3.1.1 always reports success.</summary>
    public MqttClientUnsubscribeResultCode ResultCode { get; }

    /// <summary>The filter.</summary>
    public string TopicFilter { get; }
}
