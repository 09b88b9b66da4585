using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// The answer to CONNECT.
/// <code>
/// connack := header(2), u8 session-present (0 | 1), u8 code, [ properties if 5.0 ]
/// code    := 3.1.1: 0 accepted, 1 version, 2 client id, 3 unavailable, 4 user name or password, 5 not authorized; 5.0: a reason code
/// </code>
/// </summary>
public readonly struct ConnAckPacket : IMqttPacket
{
    /// <summary>3.1.1's return codes 0 to 5 as reason codes.</summary>
    private static ReadOnlySpan<byte> ReturnCodes =>
    [
        (byte)MqttReasonCode.Success, (byte)MqttReasonCode.UnsupportedProtocolVersion, (byte)MqttReasonCode.ClientIdentifierNotValid,
        (byte)MqttReasonCode.ServerUnavailable, (byte)MqttReasonCode.BadUserNameOrPassword, (byte)MqttReasonCode.NotAuthorized,
    ];

    /// <summary>The server remembers this client.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Success, or why not.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a CONNACK frame. A server that does not know 5.0 answers in the form of 3.1.1, which is understood.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out ConnAckPacket packet, out MqttReadError error)
    {
        packet = default;
        error = MqttReadError.Malformed;
        var reader = new MqttReader(frame.Body);
        if (!reader.TryRead(out byte flags) || flags > 1 || !reader.TryRead(out byte code))
        {
            return false;
        }
        MqttProperties properties = default;
        var reason = (MqttReasonCode)code;
        if (version == MqttProtocolVersion.V311 || reader.AtEnd)
        {
            if (!reader.AtEnd || code >= ReturnCodes.Length)
            {
                return false;
            }
            reason = (MqttReasonCode)ReturnCodes[code];
        }
        else
        {
            error = MqttProperties.Read(ref reader, MqttPacketType.ConnAck, out properties);
            if (error != MqttReadError.None)
            {
                return false;
            }
            if (!reader.AtEnd)
            {
                error = MqttReadError.Malformed;
                return false;
            }
        }
        if (!MqttReasonRules.IsAllowed(reason, MqttPacketType.ConnAck) || (flags == 1 && reason != MqttReasonCode.Success))
        {
            error = MqttReadError.ProtocolError;
            return false;
        }
        packet = new ConnAckPacket { SessionPresent = flags == 1, Reason = reason, Properties = properties };
        error = MqttReadError.None;
        return true;
    }

    /// <summary>Writes the packet. A reason that 3.1.1 has no code for becomes "server unavailable".</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        bool isVersion5 = version == MqttProtocolVersion.V500;
        var writer = new MqttPacketWriter(output, MqttPacketType.ConnAck, 0, 2 + (isVersion5 ? Properties.EncodedLength : 0));
        writer.Write((byte)(SessionPresent ? 1 : 0));
        writer.Write(isVersion5 ? (byte)Reason : ReturnCodeOf(Reason));
        if (isVersion5)
        {
            writer.Write(Properties);
        }
        writer.Complete();
    }

    private static byte ReturnCodeOf(MqttReasonCode reason)
    {
        int code = ReturnCodes.IndexOf((byte)reason);
        return (byte)(code >= 0 ? code : 3);
    }
}
