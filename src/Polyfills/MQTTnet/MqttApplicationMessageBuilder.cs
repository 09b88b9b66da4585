using System.Buffers;
using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Makes <see cref="MqttApplicationMessage"/>s, whose members say what each means. May build several.</summary>
public sealed class MqttApplicationMessageBuilder
{
    private string? _contentType;
    private byte[]? _correlationData;
    private uint _messageExpiryInterval;
    private ReadOnlySequence<byte> _payload = ReadOnlySequence<byte>.Empty;
    private MqttPayloadFormatIndicator _payloadFormatIndicator;
    private MqttQualityOfServiceLevel _qualityOfServiceLevel;
    private string? _responseTopic;
    private bool _retain;
    private string _topic = "";
    private ushort _topicAlias;
    private List<MqttUserProperty>? _userProperties;

    /// <summary>Makes the message.</summary>
    /// <exception cref="MqttProtocolViolationException">There is neither a topic nor an alias.</exception>
    public MqttApplicationMessage Build()
    {
        if (_topicAlias == 0 && string.IsNullOrEmpty(_topic))
        {
            throw new MqttProtocolViolationException("The message has neither a topic nor a topic alias.");
        }
        return new MqttApplicationMessage
        {
            ContentType = _contentType,
            CorrelationData = _correlationData,
            MessageExpiryInterval = _messageExpiryInterval,
            Payload = _payload,
            PayloadFormatIndicator = _payloadFormatIndicator,
            QualityOfServiceLevel = _qualityOfServiceLevel,
            ResponseTopic = _responseTopic,
            Retain = _retain,
            Topic = _topic,
            TopicAlias = _topicAlias,
            UserProperties = _userProperties,
        };
    }

    /// <inheritdoc cref="MqttApplicationMessage.ContentType"/>
    public MqttApplicationMessageBuilder WithContentType(string? contentType)
    {
        _contentType = contentType;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.CorrelationData"/>
    public MqttApplicationMessageBuilder WithCorrelationData(byte[]? correlationData)
    {
        _correlationData = correlationData;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.MessageExpiryInterval"/>
    public MqttApplicationMessageBuilder WithMessageExpiryInterval(uint messageExpiryInterval)
    {
        _messageExpiryInterval = messageExpiryInterval;
        return this;
    }

    /// <summary>The payload; it is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayload(byte[]? payload) => WithPayload(new ReadOnlySequence<byte>(payload ?? []));

    /// <summary>The payload; it is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayload(ArraySegment<byte> payloadSegment) => WithPayload(new ReadOnlySequence<byte>(payloadSegment));

    /// <summary>The payload, which is copied unless it is an array or a part of one.</summary>
    public MqttApplicationMessageBuilder WithPayload(IEnumerable<byte>? payload) => payload switch
    {
        byte[] array => WithPayload(array),
        ArraySegment<byte> segment => WithPayload(segment),
        _ => WithPayload(payload?.ToArray()),
    };

    /// <summary>The payload in UTF-8.</summary>
    public MqttApplicationMessageBuilder WithPayload(string? payload) => WithPayload(payload is null ? null : Encoding.UTF8.GetBytes(payload));

    /// <summary>The payload; it is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayload(ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        return this;
    }

    /// <summary>The payload; it is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayloadSegment(ArraySegment<byte> payloadSegment) => WithPayload(payloadSegment);

    /// <summary>The payload; it is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayloadSegment(ReadOnlyMemory<byte> payloadSegment) => WithPayload(new ReadOnlySequence<byte>(payloadSegment));

    /// <inheritdoc cref="MqttApplicationMessage.PayloadFormatIndicator"/>
    public MqttApplicationMessageBuilder WithPayloadFormatIndicator(MqttPayloadFormatIndicator payloadFormatIndicator)
    {
        _payloadFormatIndicator = payloadFormatIndicator;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.QualityOfServiceLevel"/>
    public MqttApplicationMessageBuilder WithQualityOfServiceLevel(MqttQualityOfServiceLevel qualityOfServiceLevel)
    {
        _qualityOfServiceLevel = qualityOfServiceLevel;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.ResponseTopic"/>
    public MqttApplicationMessageBuilder WithResponseTopic(string? responseTopic)
    {
        _responseTopic = responseTopic;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.Retain"/>
    public MqttApplicationMessageBuilder WithRetainFlag(bool value = true)
    {
        _retain = value;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.Topic"/>
    public MqttApplicationMessageBuilder WithTopic(string topic)
    {
        _topic = topic;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.TopicAlias"/>
    public MqttApplicationMessageBuilder WithTopicAlias(ushort topicAlias)
    {
        _topicAlias = topicAlias;
        return this;
    }

    /// <inheritdoc cref="MqttApplicationMessage.UserProperties"/>
    public MqttApplicationMessageBuilder WithUserProperty(string name, string value)
    {
        (_userProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
