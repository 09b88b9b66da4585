using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>The server's SUBACK.</summary>
public sealed class MqttClientSubscribeResult
{
    /// <summary>As the server answered.</summary>
    public MqttClientSubscribeResult(
        ushort packetIdentifier,
        IReadOnlyCollection<MqttClientSubscribeResultItem> items,
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
    public IReadOnlyCollection<MqttClientSubscribeResultItem> Items { get; }

    /// <summary>The packet id.</summary>
    public ushort PacketIdentifier { get; }

    /// <summary>The result in the server's words (5.0).</summary>
    public string? ReasonString { get; }

    /// <summary>What else the server said (5.0).</summary>
    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }
}
