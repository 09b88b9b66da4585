using System.Buffers.Binary;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// Reads the data types of MQTT (5.0, section 1.5) one after the other. A method that returns false has met the end of the bytes or a value
/// that is not well-formed; where it then stands does not matter, because the packet is refused. Nothing is copied.
/// </summary>
/// <remarks>
/// <code>
/// integer  := u8 | u16 big-endian | u32 big-endian
/// variable := { 1 more(1) bits(7) } 0 to 3 times, 0 more(1) bits(7); least significant group first, shortest form only
/// binary   := u16 length, length bytes
/// string   := binary that is well-formed UTF-8 without U+0000
/// </code>
/// </remarks>
internal ref struct MqttReader(ReadOnlyMemory<byte> bytes)
{
    private readonly ReadOnlyMemory<byte> _bytes = bytes;
    private readonly ReadOnlySpan<byte> _span = bytes.Span;
    private int _position;

    public readonly bool AtEnd => _position == _span.Length;

    public readonly int Position => _position;

    public readonly int Left => _span.Length - _position;

    /// <summary>All that is left, and goes to the end.</summary>
    public ReadOnlyMemory<byte> TakeRest()
    {
        ReadOnlyMemory<byte> rest = _bytes[_position..];
        _position = _span.Length;
        return rest;
    }

    public bool TryRead(out byte value)
    {
        if (_position >= _span.Length)
        {
            value = 0;
            return false;
        }
        value = _span[_position++];
        return true;
    }

    public bool TryRead(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_span[_position..], out value))
        {
            return false;
        }
        _position += sizeof(ushort);
        return true;
    }

    public bool TryRead(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_span[_position..], out value))
        {
            return false;
        }
        _position += sizeof(uint);
        return true;
    }

    public bool TryReadVariable(out uint value)
    {
        if (VariableInteger.Read(_span[_position..], out value, out int length) != VariableIntegerResult.Complete)
        {
            return false;
        }
        _position += length;
        return true;
    }

    /// <summary>As many bytes as are asked for.</summary>
    public bool TryTake(uint length, out ReadOnlyMemory<byte> value)
    {
        if (length > (uint)Left)
        {
            value = default;
            return false;
        }
        value = _bytes.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    public bool TryReadBinary(out ReadOnlyMemory<byte> value)
    {
        value = default;
        return TryRead(out ushort length) && TryTake(length, out value);
    }

    public bool TryReadString(out ReadOnlyMemory<byte> value)
    {
        int start = _position + sizeof(ushort);
        return TryReadBinary(out value) && MqttText.IsValid(_span[start.._position]);
    }
}
