namespace EdgeAgent.Mqtt.Receiving;

/// <summary>The ways to answer a publish.</summary>
internal enum AnswerKind : byte
{
    /// <summary>Acknowledge. A QoS 2 hand-over goes on to PUBREL.</summary>
    Positive,

    /// <summary>Acknowledge with a reason from 0x80 on (5.0). A QoS 2 hand-over ends here.</summary>
    Negative,

    /// <summary>Close the connection without an acknowledgement, so that the other side sends it again.</summary>
    Close,
}

/// <summary>The answer to a publish.</summary>
internal readonly record struct Answer(AnswerKind Kind, MqttReasonCode Reason = MqttReasonCode.Success)
{
    public static readonly Answer Accepted = new(AnswerKind.Positive);

    public static Answer Of(MqttReasonCode reason) =>
        new(reason >= MqttReasonCode.UnspecifiedError ? AnswerKind.Negative : AnswerKind.Positive, reason);
}
