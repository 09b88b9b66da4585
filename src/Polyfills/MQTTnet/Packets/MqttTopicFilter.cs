using MQTTnet.Protocol;

namespace MQTTnet.Packets;

/// <summary>One wish of a subscription (5.0, section 3.8.3).</summary>
public sealed class MqttTopicFilter
{
    /// <summary>Not what this client published itself (5.0).</summary>
    public bool NoLocal { get; set; }

    /// <summary>The quality with which messages come at most.</summary>
    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>Keep the retain flag as it was published (5.0).</summary>
    public bool RetainAsPublished { get; set; }

    /// <summary>Whether retained messages are sent (5.0). Default: yes, which is what 3.1.1 does.</summary>
    public MqttRetainHandling RetainHandling { get; set; } = MqttRetainHandling.SendAtSubscribe;

    /// <summary>The filter, which may have the wildcards + and #.</summary>
    public string Topic { get; set; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Topic} ({QualityOfServiceLevel})";
}
