using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What to say at the end of a connection (5.0; 3.1.1's DISCONNECT says nothing).</summary>
public sealed class MqttClientDisconnectOptions
{
    /// <summary>Default: normal, upon which the server forgets the will.</summary>
    public MqttClientDisconnectOptionsReason Reason { get; set; } = MqttClientDisconnectOptionsReason.NormalDisconnection;

    /// <summary>The reason in words. Default null: none.</summary>
    public string? ReasonString { get; set; }

    /// <summary>Seconds for which the server keeps the session. Default 0: as CONNECT said.</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>Default null: none.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
