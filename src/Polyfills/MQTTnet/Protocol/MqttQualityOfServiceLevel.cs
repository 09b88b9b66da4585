#pragma warning disable CS1591 // The names are the specification's own words.

namespace MQTTnet.Protocol;

/// <summary>How hard both sides try to deliver one message (5.0, section 4.3).</summary>
public enum MqttQualityOfServiceLevel
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
