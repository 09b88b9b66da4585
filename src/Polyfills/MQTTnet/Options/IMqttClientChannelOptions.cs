namespace MQTTnet;

/// <summary>Where the server is, and how it is reached.</summary>
public interface IMqttClientChannelOptions
{
    /// <summary>TLS, on or off.</summary>
    MqttClientTlsOptions TlsOptions { get; }
}
