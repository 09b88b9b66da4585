using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Makes a <see cref="MqttTopicFilter"/>, whose members say what each means.</summary>
public sealed class MqttTopicFilterBuilder
{
    private readonly MqttTopicFilter _filter = new();

    /// <summary>Hands the filter out.</summary>
    /// <exception cref="MqttProtocolViolationException">There is no topic.</exception>
    public MqttTopicFilter Build() =>
        string.IsNullOrEmpty(_filter.Topic) ? throw new MqttProtocolViolationException("The filter has no topic.") : _filter;

    /// <inheritdoc cref="MqttTopicFilter.Topic"/>
    public MqttTopicFilterBuilder WithTopic(string topic)
    {
        _filter.Topic = topic;
        return this;
    }

    /// <inheritdoc cref="MqttTopicFilter.QualityOfServiceLevel"/>
    public MqttTopicFilterBuilder WithQualityOfServiceLevel(MqttQualityOfServiceLevel qualityOfServiceLevel)
    {
        _filter.QualityOfServiceLevel = qualityOfServiceLevel;
        return this;
    }

    /// <summary>QoS 0.</summary>
    public MqttTopicFilterBuilder WithAtMostOnceQoS() => WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce);

    /// <summary>QoS 1.</summary>
    public MqttTopicFilterBuilder WithAtLeastOnceQoS() => WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);

    /// <summary>QoS 2.</summary>
    public MqttTopicFilterBuilder WithExactlyOnceQoS() => WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce);

    /// <inheritdoc cref="MqttTopicFilter.NoLocal"/>
    public MqttTopicFilterBuilder WithNoLocal(bool value = true)
    {
        _filter.NoLocal = value;
        return this;
    }

    /// <inheritdoc cref="MqttTopicFilter.RetainAsPublished"/>
    public MqttTopicFilterBuilder WithRetainAsPublished(bool value = true)
    {
        _filter.RetainAsPublished = value;
        return this;
    }

    /// <inheritdoc cref="MqttTopicFilter.RetainHandling"/>
    public MqttTopicFilterBuilder WithRetainHandling(MqttRetainHandling value)
    {
        _filter.RetainHandling = value;
        return this;
    }
}
