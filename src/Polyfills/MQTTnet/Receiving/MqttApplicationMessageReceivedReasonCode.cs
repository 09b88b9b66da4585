#pragma warning disable CS1591 // The names are the specification's own words.

namespace MQTTnet;

/// <summary>What the server is told of a received message, in PUBACK or PUBREC (5.0, section 3.4.2.1).</summary>
public enum MqttApplicationMessageReceivedReasonCode
{
    Success = 0,
    NoMatchingSubscribers = 16,
    UnspecifiedError = 128,
    ImplementationSpecificError = 131,
    NotAuthorized = 135,
    TopicNameInvalid = 144,
    PacketIdentifierInUse = 145,
    PacketIdentifierNotFound = 146,
    QuotaExceeded = 151,
    PayloadFormatInvalid = 153,
}
