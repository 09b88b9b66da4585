using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>Makes <see cref="MqttClientUnsubscribeOptions"/>, whose members say what each means.</summary>
public sealed class MqttClientUnsubscribeOptionsBuilder
{
    private readonly MqttClientUnsubscribeOptions _options = new();

    /// <summary>Hands the options out.</summary>
    public MqttClientUnsubscribeOptions Build() => _options;

    /// <summary>Adds a filter.</summary>
    public MqttClientUnsubscribeOptionsBuilder WithTopicFilter(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        _options.TopicFilters.Add(topic);
        return this;
    }

    /// <summary>Adds the filter of a subscription.</summary>
    public MqttClientUnsubscribeOptionsBuilder WithTopicFilter(MqttTopicFilter topicFilter)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        return WithTopicFilter(topicFilter.Topic);
    }

    /// <inheritdoc cref="MqttClientUnsubscribeOptions.UserProperties"/>
    public MqttClientUnsubscribeOptionsBuilder WithUserProperty(string name, string value)
    {
        (_options.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
