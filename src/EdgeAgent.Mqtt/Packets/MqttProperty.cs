namespace EdgeAgent.Mqtt.Packets;

/// <summary>One property: an identifier with either a number or bytes.</summary>
public readonly struct MqttProperty
{
    /// <summary>Which property it is.</summary>
    public MqttPropertyId Id { get; private init; }

    /// <summary>The value of a numeric property, of whatever width.</summary>
    public uint Number { get; private init; }

    /// <summary>The value of a string or binary property; the name of a user property.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlyMemory<byte> UserValue { get; private init; }

    /// <summary><c>property := u8 id, value</c>; the value as <see cref="MqttPropertyRules"/> says. (The id is a variable integer of which one byte has ever been used.)</summary>
    internal static MqttReadError Read(ref MqttReader reader, out MqttProperty property)
    {
        property = default;
        if (!reader.TryRead(out byte identifier))
        {
            return MqttReadError.Malformed;
        }
        var id = (MqttPropertyId)identifier;
        uint number = 0;
        ReadOnlyMemory<byte> bytes = default;
        ReadOnlyMemory<byte> userValue = default;
        MqttReadError error;
        switch (MqttPropertyRules.KindOf(id))
        {
            case MqttPropertyKind.Flag:
                error = Judge(reader.TryRead(out byte flag), flag <= 1);
                number = flag;
                break;
            case MqttPropertyKind.UInt16:
                error = Judge(reader.TryRead(out ushort @short), true);
                number = @short;
                break;
            case MqttPropertyKind.PositiveUInt16:
                error = Judge(reader.TryRead(out ushort positive), positive > 0);
                number = positive;
                break;
            case MqttPropertyKind.UInt32:
                error = Judge(reader.TryRead(out number), true);
                break;
            case MqttPropertyKind.PositiveUInt32:
                error = Judge(reader.TryRead(out number), number > 0);
                break;
            case MqttPropertyKind.PositiveVariable:
                error = Judge(reader.TryReadVariable(out number), number > 0);
                break;
            case MqttPropertyKind.Text:
                error = Judge(reader.TryReadString(out bytes), true);
                break;
            case MqttPropertyKind.Binary:
                error = Judge(reader.TryReadBinary(out bytes), true);
                break;
            case MqttPropertyKind.TextPair:
                error = Judge(reader.TryReadString(out bytes) && reader.TryReadString(out userValue), true);
                break;
            default:
                return MqttReadError.Malformed;
        }
        if (error == MqttReadError.ProtocolError && id == MqttPropertyId.TopicAlias)
        {
            error = MqttReadError.TopicAliasInvalid;
        }
        property = new MqttProperty { Id = id, Number = number, Bytes = bytes, UserValue = userValue };
        return error;
    }

    private static MqttReadError Judge(bool isWellFormed, bool isInRange) =>
        !isWellFormed ? MqttReadError.Malformed : isInRange ? MqttReadError.None : MqttReadError.ProtocolError;
}
