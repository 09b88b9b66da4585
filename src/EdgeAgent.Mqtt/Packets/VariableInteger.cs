namespace EdgeAgent.Mqtt.Packets;

/// <summary>What reading a variable byte integer came to.</summary>
internal enum VariableIntegerResult
{
    /// <summary>The value is there.</summary>
    Complete,

    /// <summary>Well-formed so far; more bytes are needed.</summary>
    Incomplete,

    /// <summary>Longer than four bytes, or than it need be.</summary>
    Malformed,
}

/// <summary>The variable byte integer (5.0, section 1.5.5), whose grammar stands at <see cref="MqttReader"/>.</summary>
internal static class VariableInteger
{
    /// <summary>Four groups of seven bits.</summary>
    public const uint Maximum = (1 << 28) - 1;

    public static VariableIntegerResult Read(ReadOnlySpan<byte> bytes, out uint value, out int length)
    {
        value = 0;
        for (length = 0; length < 4;)
        {
            if (length == bytes.Length)
            {
                return VariableIntegerResult.Incomplete;
            }
            byte group = bytes[length];
            value |= (uint)(group & 0x7F) << (7 * length);
            length++;
            if (group < 0x80)
            {
                // A last group of zero says that the encoding could have been shorter [MQTT-1.5.5-1].
                return group == 0 && length > 1 ? VariableIntegerResult.Malformed : VariableIntegerResult.Complete;
            }
        }
        return VariableIntegerResult.Malformed;
    }

    public static int LengthOf(uint value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes the value and returns its length.</summary>
    public static int Write(Span<byte> destination, uint value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        destination[length++] = (byte)value;
        return length;
    }
}
