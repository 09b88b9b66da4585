#pragma warning disable CS1591 // The names are the specification's own words.

namespace MQTTnet.Formatter;

/// <summary>The protocol level of CONNECT. Version 3.1 is named but not spoken here.</summary>
public enum MqttProtocolVersion
{
    Unknown = 0,
    V310 = 3,
    V311 = 4,
    V500 = 5,
}
