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

    /// <summary>A copy, since the receive buffer goes on; or null.</summary>
    public required MqttWill? Will { get; init; }

    /// <summary>What CONNACK tells of it; without session present.</summary>
    public required MqttProperties Reply { get; init; }
}
