namespace EdgeAgent.Mqtt.Packets;

/// <summary>Why bytes are not a packet. After any of these the connection must be closed: the next packet's start is not to be trusted.</summary>
public enum MqttReadError
{
    /// <summary>There is no error.</summary>
    None,

    /// <summary>The bytes do not follow the grammar (0x81).</summary>
    Malformed,

    /// <summary>The bytes follow the grammar and break a rule (0x82).</summary>
    ProtocolError,

    /// <summary>The packet is longer than allowed (0x95).</summary>
    TooLarge,

    /// <summary>CONNECT names a protocol or a level that is not spoken here (0x84; 3.1.1: return code 1).</summary>
    UnsupportedProtocolVersion,

    /// <summary>The topic of a PUBLISH or a will is empty, or has wildcards (0x90).</summary>
    TopicNameInvalid,

    /// <summary>A topic alias is zero (0x94).</summary>
    TopicAliasInvalid,
}

/// <summary>Errors as the peer is told of them.</summary>
public static class MqttReadErrors
{
    /// <summary>The reason code for DISCONNECT or CONNACK.</summary>
    public static MqttReasonCode ToReasonCode(this MqttReadError error) => error switch
    {
        MqttReadError.None => MqttReasonCode.Success,
        MqttReadError.Malformed => MqttReasonCode.MalformedPacket,
        MqttReadError.ProtocolError => MqttReasonCode.ProtocolError,
        MqttReadError.TooLarge => MqttReasonCode.PacketTooLarge,
        MqttReadError.UnsupportedProtocolVersion => MqttReasonCode.UnsupportedProtocolVersion,
        MqttReadError.TopicNameInvalid => MqttReasonCode.TopicNameInvalid,
        MqttReadError.TopicAliasInvalid => MqttReasonCode.TopicAliasInvalid,
        _ => MqttReasonCode.UnspecifiedError,
    };
}
