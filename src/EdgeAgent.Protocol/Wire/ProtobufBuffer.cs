using System.Buffers.Binary;
using System.Text;

namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// A growing buffer that protobuf messages are written into, front to back and without objects.
/// A nested message is <c>tag length content</c>; its length is inserted when it ends: content moves by one to four bytes, which
/// costs less than computing all lengths beforehand.
/// </summary>
internal sealed class ProtobufBuffer
{
    private ReusedArray<byte> _bytes = new(1024);
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.Items.AsSpan(0, _length);

    /// <summary>Forgets what was written and, from time to time, memory that is not needed any more.</summary>
    public void Clear()
    {
        _bytes.EndRound(_length);
        _length = 0;
    }

    /// <summary>Room for bytes that the caller writes itself, followed by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        _bytes.Ensure(_length + length, _length);
        return _bytes.Items.AsSpan(_length);
    }

    public void Advance(int length) => _length += length;

    public void VarInt(ulong value) => Advance(Wire.VarInt.Write(Reserve(Wire.VarInt.MaximumLength), value));

    public void Tag(int field, WireType type) => VarInt((uint)((field << 3) | (int)type));

    /// <summary>uint32, uint64, bool and enum fields. Zero is proto3's default and is not written.</summary>
    public void Unsigned(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, WireType.VarInt);
            VarInt(value);
        }
    }

    /// <summary>sint32 and sint64 fields.</summary>
    public void Signed(int field, long value) => Unsigned(field, Wire.VarInt.ZigZag(value));

    /// <summary>An sfixed64 field, written even where it is zero, because its place is meant to be found and corrected.</summary>
    public void Fixed64(int field, long value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        Advance(sizeof(long));
    }

    /// <summary>A string field of a repeated list: written even where it is empty.</summary>
    public void Text(int field, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Tag(field, WireType.Bytes);
        VarInt((uint)length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
        Advance(length);
    }

    /// <summary>Begins a nested message or a packed list.</summary>
    /// <returns>A mark for <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Tag(field, WireType.Bytes);
        return _length;
    }

    public void End(int mark)
    {
        int content = _length - mark;
        int prefix = Wire.VarInt.Length((uint)content);
        Reserve(prefix);
        Span<byte> bytes = _bytes.Items;
        bytes.Slice(mark, content).CopyTo(bytes[(mark + prefix)..]);
        Wire.VarInt.Write(bytes[mark..], (uint)content);
        _length += prefix;
    }
}
