namespace EdgeAgent.Mqtt.Intake;

/// <summary>What became of a publish.</summary>
internal readonly struct Settlement
{
    public static readonly Settlement Accepted = new() { Reason = MqttReasonCode.Success };

    public MqttReasonCode Reason { get; private init; }

    /// <summary>Null where it was accepted.</summary>
    public IntakeRefusal? Refusal { get; private init; }

    public static Settlement Of(IntakeRefusal refusal) => new()
    {
        Refusal = refusal,
        Reason = refusal switch
        {
            IntakeRefusal.NotAuthorized => MqttReasonCode.NotAuthorized,
            IntakeRefusal.TopicNotWanted => MqttReasonCode.TopicNameInvalid,
            IntakeRefusal.PayloadNotValid => MqttReasonCode.PayloadFormatInvalid,
            IntakeRefusal.QuotaExceeded => MqttReasonCode.QuotaExceeded,
            _ => MqttReasonCode.ImplementationSpecificError,
        },
    };

    /// <summary>How it is told in the given version: see <see cref="IntakeRefusal"/>.</summary>
    public SettlementReply ReplyIn(MqttProtocolVersion version) => version == MqttProtocolVersion.V500
        ? (Refusal is null ? SettlementReply.Positive : SettlementReply.Negative)
        : (Refusal is IntakeRefusal.QuotaExceeded or IntakeRefusal.TemporaryFault ? SettlementReply.Close : SettlementReply.Positive);
}

/// <summary>The three ways to answer a publish.</summary>
internal enum SettlementReply : byte
{
    /// <summary>Acknowledge. A QoS 2 hand-over goes on to PUBREL.</summary>
    Positive,

    /// <summary>Acknowledge with a reason from 0x80 on. A QoS 2 hand-over ends here.</summary>
    Negative,

    /// <summary>Close the connection without an acknowledgement.</summary>
    Close,
}
