namespace EdgeAgent.Mqtt.Packets;

/// <summary>What the bytes at the start of a receive buffer are.</summary>
public enum MqttFrameResult
{
    /// <summary>A whole packet.</summary>
    Complete,

    /// <summary>The beginning of a packet: read more.</summary>
    Incomplete,

    /// <summary>No packet can start like this: close the connection.</summary>
    Malformed,

    /// <summary>A packet longer than allowed: close the connection.</summary>
    TooLarge,
}

/// <summary>
/// One packet, cut out of the stream but not yet understood.
/// <code>
/// packet := type(4) flags(4), variable remaining-length, body
/// flags  := PUBLISH: dup(1) qos(2) retain(1); PUBREL, SUBSCRIBE, UNSUBSCRIBE: 0010; all others: 0000
/// </code>
/// </summary>
public readonly struct MqttFrame
{
    /// <summary>The longest packet that can be written down at all: a header of five bytes and the largest remaining length.</summary>
    public const int MaximumLength = 5 + (int)VariableInteger.Maximum;

    private MqttFrame(byte first, ReadOnlyMemory<byte> body, int length)
    {
        First = first;
        Body = body;
        Length = length;
    }

    /// <summary>The packet's type.</summary>
    public MqttPacketType Type => (MqttPacketType)(First >> 4);

    /// <summary>All that follows the header.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The length of header and body; of an incomplete packet, the length that it will have, or zero where that is not known yet.</summary>
    public int Length { get; }

    internal byte First { get; }

    /// <summary>Looks for a packet at the start of the buffer. Never throws; a complete frame is a view into the buffer.</summary>
    public static MqttFrameResult Read(ReadOnlyMemory<byte> buffer, int maximumLength, out MqttFrame frame)
    {
        frame = default;
        ReadOnlySpan<byte> bytes = buffer.Span;
        if (bytes.IsEmpty)
        {
            return MqttFrameResult.Incomplete;
        }
        byte first = bytes[0];
        if (!HasValidFlags(first))
        {
            return MqttFrameResult.Malformed;
        }
        switch (VariableInteger.Read(bytes[1..], out uint remaining, out int lengthOfLength))
        {
            case VariableIntegerResult.Incomplete:
                return MqttFrameResult.Incomplete;
            case VariableIntegerResult.Malformed:
                return MqttFrameResult.Malformed;
        }
        int header = 1 + lengthOfLength;
        int length = header + (int)remaining;
        if (length > maximumLength)
        {
            return MqttFrameResult.TooLarge;
        }
        if (length > bytes.Length)
        {
            frame = new MqttFrame(first, default, length);
            return MqttFrameResult.Incomplete;
        }
        frame = new MqttFrame(first, buffer.Slice(header, (int)remaining), length);
        return MqttFrameResult.Complete;
    }

    private static bool HasValidFlags(byte first)
    {
        int flags = first & 0x0F;
        return (MqttPacketType)(first >> 4) switch
        {
            0 => false,
            // QoS 3 does not exist; a QoS 0 message cannot be a repetition.
            MqttPacketType.Publish => (flags & 0b0110) != 0b0110 && (flags & 0b1110) != 0b1000,
            MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe => flags == 0b0010,
            _ => flags == 0,
        };
    }
}
