using System.Buffers;
using System.Buffers.Binary;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// Writes one packet whose remaining length was computed beforehand, so that it goes straight into the output, in one piece and without a
/// second pass. The data types are those of <see cref="MqttReader"/>. A text that is too long is the caller's bug and throws.
/// </summary>
internal ref struct MqttPacketWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _packet;
    private readonly int _length;
    private int _position;

    /// <summary><c>header := type(4) flags(4), variable remaining-length</c>.</summary>
    public MqttPacketWriter(IBufferWriter<byte> output, MqttPacketType type, int flags, int remaining)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)remaining, VariableInteger.Maximum, nameof(remaining));
        _output = output;
        _length = 1 + VariableInteger.LengthOf((uint)remaining) + remaining;
        _packet = output.GetSpan(_length);
        _packet[0] = (byte)(((int)type << 4) | flags);
        _position = 1 + VariableInteger.Write(_packet[1..], (uint)remaining);
    }

    /// <summary>The length of a string or binary with its length in front.</summary>
    public static int LengthOf(ReadOnlyMemory<byte> binary)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(binary.Length, MqttText.MaximumLength, nameof(binary));
        return sizeof(ushort) + binary.Length;
    }

    public void Write(byte value) => _packet[_position++] = value;

    public void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet[_position..], value);
        _position += sizeof(ushort);
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_packet[_position..]);
        _position += bytes.Length;
    }

    public void WriteRaw(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_packet[_position..]);
        _position += (int)bytes.Length;
    }

    public void WriteBinary(ReadOnlyMemory<byte> binary)
    {
        Write((ushort)binary.Length);
        WriteRaw(binary.Span);
    }

    public void Write(in MqttProperties properties)
    {
        _position += VariableInteger.Write(_packet[_position..], (uint)properties.Encoded.Length);
        WriteRaw(properties.Encoded.Span);
    }

    /// <summary>Hands the packet over.</summary>
    public readonly void Complete()
    {
        System.Diagnostics.Debug.Assert(_position == _length, "The computed remaining length is wrong.");
        _output.Advance(_length);
    }
}
