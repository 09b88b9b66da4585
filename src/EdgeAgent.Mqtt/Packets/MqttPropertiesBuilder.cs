using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>Collects properties for a packet that is to be written. Their grammar stands at <see cref="MqttProperties"/>.</summary>
/// <remarks>An id that does not hold the kind of value, or a text that is too long, is the caller's bug and throws.</remarks>
public sealed class MqttPropertiesBuilder
{
    private readonly ArrayBufferWriter<byte> _encoded = new(64);

    /// <summary>Adds a numeric property.</summary>
    public MqttPropertiesBuilder Add(MqttPropertyId id, uint value)
    {
        MqttPropertyKind kind = MqttPropertyRules.KindOf(id);
        Span<byte> destination = _encoded.GetSpan(5);
        destination[0] = (byte)id;
        int length;
        switch (kind)
        {
            case MqttPropertyKind.Flag:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1u);
                destination[1] = (byte)value;
                length = 1;
                break;
            case MqttPropertyKind.UInt16 or MqttPropertyKind.PositiveUInt16:
                BinaryPrimitives.WriteUInt16BigEndian(destination[1..], checked((ushort)value));
                length = sizeof(ushort);
                break;
            case MqttPropertyKind.UInt32 or MqttPropertyKind.PositiveUInt32:
                BinaryPrimitives.WriteUInt32BigEndian(destination[1..], value);
                length = sizeof(uint);
                break;
            case MqttPropertyKind.PositiveVariable:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, VariableInteger.Maximum);
                length = VariableInteger.Write(destination[1..], value);
                break;
            default:
                throw new ArgumentException($"Property {id} does not hold a number.", nameof(id));
        }
        if (kind is MqttPropertyKind.PositiveUInt16 or MqttPropertyKind.PositiveUInt32 or MqttPropertyKind.PositiveVariable)
        {
            ArgumentOutOfRangeException.ThrowIfZero(value);
        }
        _encoded.Advance(1 + length);
        return this;
    }

    /// <summary>Adds a binary property, or a text that is in UTF-8 already.</summary>
    public MqttPropertiesBuilder Add(MqttPropertyId id, ReadOnlySpan<byte> value)
    {
        if (MqttPropertyRules.KindOf(id) is not (MqttPropertyKind.Text or MqttPropertyKind.Binary))
        {
            throw new ArgumentException($"Property {id} does not hold bytes.", nameof(id));
        }
        WriteId(id);
        WriteBinary(value);
        return this;
    }

    /// <summary>Adds a text property.</summary>
    public MqttPropertiesBuilder Add(MqttPropertyId id, string value) => Add(id, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a user property. The same name may be added again.</summary>
    public MqttPropertiesBuilder AddUser(string name, string value) => AddUser(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a user property whose name and value are in UTF-8 already.</summary>
    public MqttPropertiesBuilder AddUser(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        WriteId(MqttPropertyId.UserProperty);
        WriteBinary(name);
        WriteBinary(value);
        return this;
    }

    /// <summary>What was added; a view that must not be used after adding more.</summary>
    public MqttProperties Build() => new(_encoded.WrittenMemory);

    private void WriteId(MqttPropertyId id)
    {
        _encoded.GetSpan(1)[0] = (byte)id;
        _encoded.Advance(1);
    }

    private void WriteBinary(ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, MqttText.MaximumLength, nameof(value));
        Span<byte> destination = _encoded.GetSpan(sizeof(ushort) + value.Length);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)value.Length);
        value.CopyTo(destination[sizeof(ushort)..]);
        _encoded.Advance(sizeof(ushort) + value.Length);
    }
}
