using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>Makes <see cref="MqttClientDisconnectOptions"/>, whose members say what each means.</summary>
public sealed class MqttClientDisconnectOptionsBuilder
{
    private readonly MqttClientDisconnectOptions _options = new();

    /// <summary>Hands the options out.</summary>
    public MqttClientDisconnectOptions Build() => _options;

    /// <inheritdoc cref="MqttClientDisconnectOptions.Reason"/>
    public MqttClientDisconnectOptionsBuilder WithReason(MqttClientDisconnectOptionsReason value)
    {
        _options.Reason = value;
        return this;
    }

    /// <inheritdoc cref="MqttClientDisconnectOptions.ReasonString"/>
    public MqttClientDisconnectOptionsBuilder WithReasonString(string value)
    {
        _options.ReasonString = value;
        return this;
    }

    /// <inheritdoc cref="MqttClientDisconnectOptions.SessionExpiryInterval"/>
    public MqttClientDisconnectOptionsBuilder WithSessionExpiryInterval(uint value)
    {
        _options.SessionExpiryInterval = value;
        return this;
    }

    /// <inheritdoc cref="MqttClientDisconnectOptions.UserProperties"/>
    public MqttClientDisconnectOptionsBuilder WithUserProperty(string name, string value)
    {
        (_options.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
