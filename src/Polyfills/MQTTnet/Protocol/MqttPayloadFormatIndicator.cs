#pragma warning disable CS1591 // The names are the specification's own words.

namespace MQTTnet.Protocol;

/// <summary>Whether a payload says that it is UTF-8 (5.0, section 3.3.2.3.2).</summary>
public enum MqttPayloadFormatIndicator
{
    Unspecified = 0,
    CharacterData = 1,
}
