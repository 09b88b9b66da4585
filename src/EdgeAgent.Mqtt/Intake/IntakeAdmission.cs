using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>What was agreed on with a device that may publish.</summary>
internal sealed class IntakeAdmission
{
    public required MqttProtocolVersion Version { get; init; }

    public required string ClientId { get; init; }

    public required bool CleanStart { get; init; }

    /// <summary>Zero for none.</summary>
    public required TimeSpan KeepAlive { get; init; }

    /// <summary>How long the session outlives the connection; a 5.0 device may change it when it says goodbye.</summary>
    public required TimeSpan SessionExpiry { get; init; }

    /// <summary>The longest packet that the device takes.</summary>
    public required uint MaximumReplySize { get; init; }

    /// <summary>Whether words may go with a reason code in packets other than CONNACK and DISCONNECT [MQTT-3.1.2-29].</summary>
    public required bool WantsWords { get; init; }

    /// <summary>A copy, since the receive buffer goes on; or null.</summary>
    public required MqttWill? Will { get; init; }

    /// <summary>What CONNACK tells of it; without session present.</summary>
    public required MqttProperties Reply { get; init; }
}
