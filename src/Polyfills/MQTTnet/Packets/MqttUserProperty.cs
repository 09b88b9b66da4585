namespace MQTTnet.Packets;

/// <summary>A name and a value that mean nothing to MQTT itself (5.0, section 3.3.2.3.7).</summary>
public sealed class MqttUserProperty
{
    /// <summary>Both are given; the same name may occur several times.</summary>
    public MqttUserProperty(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Value = value;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The value.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MqttUserProperty);

    /// <summary>Whether name and value are the same, letter for letter.</summary>
    public bool Equals(MqttUserProperty? other) => other is not null && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Value}";
}
