namespace MQTTnet.Protocol;

/// <summary>The ports that IANA has registered for MQTT.</summary>
public static class MqttPorts
{
    /// <summary>Without TLS.</summary>
    public const int Default = 1883;

    /// <summary>With TLS.</summary>
    public const int Secure = 8883;
}
