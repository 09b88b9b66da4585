using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>A message to publish, or one that was received (5.0, section 3.3). A received one belongs to its receiver for as long as it likes.</summary>
public sealed class MqttApplicationMessage
{
    /// <summary>What kind of content the payload is, such as a media type (5.0).</summary>
    public string? ContentType { get; set; }

    /// <summary>Tells the asker which question an answer belongs to (5.0).</summary>
    public byte[]? CorrelationData { get; set; }

    /// <summary>Of a received message: it was sent before, maybe on an earlier connection. Publishing does not heed it, for it never repeats.</summary>
    public bool Dup { get; set; }

    /// <summary>Seconds for which the message is of use (5.0). Default 0: for ever.</summary>
    public uint MessageExpiryInterval { get; set; }

    /// <summary>The payload. Received ones are in one piece.</summary>
    public ReadOnlySequence<byte> Payload { get; set; } = ReadOnlySequence<byte>.Empty;

    /// <summary>Sets a payload that is in one piece.</summary>
    public ArraySegment<byte> PayloadSegment
    {
        set => Payload = new ReadOnlySequence<byte>(value);
    }

    /// <summary>What kind of bytes the payload is (5.0).</summary>
    public MqttPayloadFormatIndicator PayloadFormatIndicator { get; set; } = MqttPayloadFormatIndicator.Unspecified;

    /// <summary>How hard to try.</summary>
    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>Where answers are to go (5.0).</summary>
    public string? ResponseTopic { get; set; }

    /// <summary>To be kept for later subscribers, or: was kept.</summary>
    public bool Retain { get; set; }

    /// <summary>The identifiers of the subscriptions by which it came (5.0).</summary>
    public List<uint>? SubscriptionIdentifiers { get; set; }

    /// <summary>The topic.</summary>
    public string Topic { get; set; } = "";

    /// <summary>A number that stands for the topic on this connection (5.0). Default 0: none.</summary>
    public ushort TopicAlias { get; set; }

    /// <summary>What else the publisher said (5.0).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
