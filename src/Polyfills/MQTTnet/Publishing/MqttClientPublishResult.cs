using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What became of a publish.</summary>
public sealed class MqttClientPublishResult
{
    /// <summary>As the server answered.</summary>
    public MqttClientPublishResult(
        ushort? packetIdentifier, MqttClientPublishReasonCode reasonCode, string? reasonString, IReadOnlyCollection<MqttUserProperty> userProperties)
    {
        PacketIdentifier = packetIdentifier;
        ReasonCode = reasonCode;
        ReasonString = reasonString;
        UserProperties = userProperties;
    }

    /// <summary>The server has the message, be there a subscriber or not. QoS 0 is always a success.</summary>
    public bool IsSuccess => ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers;

    /// <summary>The packet id, or null with QoS 0.</summary>
    public ushort? PacketIdentifier { get; }

    /// <summary>The server's reason (5.0).</summary>
    public MqttClientPublishReasonCode ReasonCode { get; }

    /// <summary>The same in the server's words (5.0).</summary>
    public string? ReasonString { get; }

    /// <summary>What else the server said (5.0).</summary>
    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }
}
