using System.Security.Authentication;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>How a connection comes to its end: the cause for our side, and the reason that a 5.0 device is told in DISCONNECT, if any.</summary>
internal sealed record IntakeEnding(IntakeCloseCause Cause, MqttReasonCode? Told = null, Exception? Exception = null)
{
    /// <summary>What an exception that ended the conversation says.</summary>
    public static IntakeEnding Of(Exception fault) => fault switch
    {
        AuthenticationException => new IntakeEnding(IntakeCloseCause.HandshakeFailed, Exception: fault),
        _ when IntakeTransport.IsFault(fault) => new IntakeEnding(IntakeCloseCause.ConnectionLost, Exception: fault),
        // Only ever cancelled by a request, which then counts.
        OperationCanceledException => new IntakeEnding(IntakeCloseCause.Stopping),
        _ => new IntakeEnding(IntakeCloseCause.Faulted, MqttReasonCode.ImplementationSpecificError, fault),
    };

    public static IntakeEnding Broken(MqttReasonCode reason) => new(
        reason == MqttReasonCode.PacketTooLarge ? IntakeCloseCause.PacketTooLarge : IntakeCloseCause.ProtocolBroken, reason);
}
