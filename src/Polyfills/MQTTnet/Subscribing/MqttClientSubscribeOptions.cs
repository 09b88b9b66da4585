using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What to subscribe to.</summary>
public sealed class MqttClientSubscribeOptions
{
    /// <summary>Comes back with every message of these subscriptions (5.0). Default 0: none.</summary>
    public uint SubscriptionIdentifier { get; set; }

    /// <summary>At least one.</summary>
    public List<MqttTopicFilter> TopicFilters { get; set; } = [];

    /// <summary>Default null: none (5.0).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
