namespace EdgeAgent.Protocol.Wire;

/// <summary>Walks over the fields of one serialized message without parsing what it does not need. False means malformed.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public readonly bool AtEnd => _rest.IsEmpty;

    public bool TryReadTag(out int field, out WireType type)
    {
        bool read = TryReadVarInt(out ulong tag) && tag is >= 8 and <= uint.MaxValue;
        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        return read;
    }

    public bool TryReadVarInt(out ulong value)
    {
        bool read = VarInt.TryRead(_rest, out value, out int length);
        _rest = _rest[length..];
        return read;
    }

    /// <summary>A string, a byte string or a nested message.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        if (!TryReadVarInt(out ulong length) || length > (ulong)_rest.Length)
        {
            bytes = default;
            return false;
        }
        bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    public bool TrySkip(WireType type)
    {
        switch (type)
        {
            case WireType.VarInt:
                return TryReadVarInt(out _);
            case WireType.Bytes:
                return TryReadBytes(out _);
            case WireType.Fixed64 when _rest.Length >= sizeof(ulong):
                _rest = _rest[sizeof(ulong)..];
                return true;
            case WireType.Fixed32 when _rest.Length >= sizeof(uint):
                _rest = _rest[sizeof(uint)..];
                return true;
            default:
                return false;
        }
    }
}
