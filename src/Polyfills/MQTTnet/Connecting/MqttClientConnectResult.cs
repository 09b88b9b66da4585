using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>The server's answer to CONNECT (5.0, section 3.2). 3.1.1 has only the code and whether there is a session.</summary>
public sealed class MqttClientConnectResult
{
    internal MqttClientConnectResult()
    {
    }

    /// <summary>Success, or why not.</summary>
    public MqttClientConnectResultCode ResultCode { get; internal init; }

    /// <summary>The server remembers this client: its subscriptions, and what was not acknowledged.</summary>
    public bool IsSessionPresent { get; internal init; }

    /// <summary>The client id that the server has chosen, or null.</summary>
    public string? AssignedClientIdentifier { get; internal init; }

    /// <summary>The largest packet in bytes that the server takes; 0 for any.</summary>
    public uint? MaximumPacketSize { get; internal init; }

    /// <summary>The highest quality that the server offers.</summary>
    public MqttQualityOfServiceLevel MaximumQoS { get; internal init; }

    /// <summary>The result in the server's words.</summary>
    public string? ReasonString { get; internal init; }

    /// <summary>Publishes of QoS 1 and 2 that the server takes ahead of their acknowledgements; 0 for the protocol's default, 65,535.</summary>
    public ushort? ReceiveMaximum { get; internal init; }

    /// <summary>Where to have responses sent, or null.</summary>
    public string? ResponseInformation { get; internal init; }

    /// <summary>Whether the server retains messages.</summary>
    public bool RetainAvailable { get; internal init; }

    /// <summary>The keep-alive in seconds that the server wants instead of the client's; 0 where it has no wish.</summary>
    public ushort ServerKeepAlive { get; internal init; }

    /// <summary>The server to go to instead, or null.</summary>
    public string? ServerReference { get; internal init; }

    /// <summary>Seconds for which the server will keep the session; 0 where it says nothing else than the client.</summary>
    public uint? SessionExpiryInterval { get; internal init; }

    /// <summary>Whether subscriptions can be shared.</summary>
    public bool SharedSubscriptionAvailable { get; internal init; }

    /// <summary>Whether subscriptions can be numbered.</summary>
    public bool SubscriptionIdentifiersAvailable { get; internal init; }

    /// <summary>Topic aliases that the server takes.</summary>
    public ushort TopicAliasMaximum { get; internal init; }

    /// <summary>What else the server said.</summary>
    public List<MqttUserProperty>? UserProperties { get; internal init; }

    /// <summary>Whether filters may have wildcards.</summary>
    public bool WildcardSubscriptionAvailable { get; internal init; }
}
