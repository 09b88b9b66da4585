namespace EdgeAgent.Mqtt;

/// <summary>The protocol level byte of CONNECT. Version 3.1 (level 3) is not spoken.</summary>
public enum MqttProtocolVersion : byte
{
    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V500 = 5,
}
