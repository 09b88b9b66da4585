using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>The server's UNSUBACK.</summary>
public sealed class MqttClientUnsubscribeResult
{
    /// <summary>As the server answered.</summary>
    public MqttClientUnsubscribeResult(
        ushort packetIdentifier,
        IReadOnlyCollection<MqttClientUnsubscribeResultItem> items,
        string? reasonString,
        IReadOnlyCollection<MqttUserProperty> userProperties)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(userProperties);
        PacketIdentifier = packetIdentifier;
        Items = items;
        ReasonString = reasonString;
        UserProperties = userProperties;
    }

    /// <summary>One for each filter, in their order.</summary>
    public IReadOnlyCollection<MqttClientUnsubscribeResultItem> Items { get; }

    /// <summary>The packet id.</summary>
    public ushort PacketIdentifier { get; }

    /// <summary>The result in the server's words (5.0).</summary>
    public string? ReasonString { get; }

    /// <summary>What else the server said (5.0).</summary>
    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }
}
