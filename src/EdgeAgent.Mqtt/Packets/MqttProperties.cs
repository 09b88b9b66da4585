namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// The properties of one packet: a view of their bytes, checked once when the packet was read, and walked on demand, because there are few
/// and most packets have none.
/// <code>
/// properties := variable length, property*     // none is written as one zero byte
/// </code>
/// </summary>
public readonly struct MqttProperties
{
    internal MqttProperties(ReadOnlyMemory<byte> encoded) => Encoded = encoded;

    /// <summary>The properties' bytes without the length in front.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Encoded.IsEmpty;

    internal int EncodedLength => VariableInteger.LengthOf((uint)Encoded.Length) + Encoded.Length;

    /// <summary>The value of a numeric property.</summary>
    public bool TryGet(MqttPropertyId id, out uint value)
    {
        bool found = TryFind(id, out MqttProperty property);
        value = property.Number;
        return found;
    }

    /// <summary>The value of a string or binary property.</summary>
    public bool TryGet(MqttPropertyId id, out ReadOnlyMemory<byte> value)
    {
        bool found = TryFind(id, out MqttProperty property);
        value = property.Bytes;
        return found;
    }

    /// <summary>The value of a numeric property, or what its absence means.</summary>
    public uint GetOrDefault(MqttPropertyId id, uint absent) => TryGet(id, out uint value) ? value : absent;

    /// <summary>All properties in the order in which they came.</summary>
    public Enumerator GetEnumerator() => new(Encoded);

    internal static MqttReadError Read(ref MqttReader reader, MqttPacketType owner, out MqttProperties properties)
    {
        properties = default;
        if (!reader.TryReadVariable(out uint length) || !reader.TryTake(length, out ReadOnlyMemory<byte> encoded))
        {
            return MqttReadError.Malformed;
        }
        var inner = new MqttReader(encoded);
        // One bit for every id (the largest is 0x2A) tells whether it has come before.
        ulong seen = 0;
        while (!inner.AtEnd)
        {
            MqttReadError error = MqttProperty.Read(ref inner, out MqttProperty property);
            if (error != MqttReadError.None)
            {
                return error;
            }
            if (!MqttPropertyRules.IsAllowed(property.Id, owner))
            {
                return MqttReadError.Malformed;
            }
            ulong bit = 1UL << (int)property.Id;
            if ((seen & bit) != 0 && !MqttPropertyRules.MayRepeat(property.Id, owner))
            {
                return MqttReadError.ProtocolError;
            }
            if (property.Id == MqttPropertyId.ResponseTopic && !TopicName.IsValid(property.Bytes.Span))
            {
                return MqttReadError.ProtocolError;
            }
            seen |= bit;
        }
        properties = new MqttProperties(encoded);
        return MqttReadError.None;
    }

    private bool TryFind(MqttPropertyId id, out MqttProperty property)
    {
        foreach (MqttProperty candidate in this)
        {
            if (candidate.Id == id)
            {
                property = candidate;
                return true;
            }
        }
        property = default;
        return false;
    }

    /// <summary>Walks over checked bytes.</summary>
    public ref struct Enumerator
    {
        private MqttReader _reader;

        internal Enumerator(ReadOnlyMemory<byte> encoded) => _reader = new MqttReader(encoded);

        /// <summary>The property at which the walk stands.</summary>
        public MqttProperty Current { get; private set; }

        /// <summary>Goes to the next one.</summary>
        public bool MoveNext()
        {
            if (_reader.AtEnd)
            {
                return false;
            }
            bool read = MqttProperty.Read(ref _reader, out MqttProperty property) == MqttReadError.None;
            Current = property;
            return read;
        }
    }
}
