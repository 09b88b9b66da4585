using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What not to be subscribed to any longer.</summary>
public sealed class MqttClientUnsubscribeOptions
{
    /// <summary>At least one, letter for letter as subscribed.</summary>
    public List<string> TopicFilters { get; set; } = [];

    /// <summary>Default null: none (5.0).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
