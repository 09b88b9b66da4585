namespace EdgeAgent.Mqtt.Intake;

/// <summary>How a connection comes to its end: the cause for our side, and the reason that a 5.0 device is told in DISCONNECT, if any.</summary>
internal sealed record IntakeEnding(IntakeCloseCause Cause, MqttReasonCode? Told = null, Exception? Exception = null)
{
    public static IntakeEnding Broken(MqttReasonCode reason) => new(
        reason == MqttReasonCode.PacketTooLarge ? IntakeCloseCause.PacketTooLarge : IntakeCloseCause.ProtocolBroken, reason);
}
