namespace MQTTnet;

/// <summary>Has user name and password. It is asked at every connect, so that both may change meanwhile.</summary>
public interface IMqttClientCredentialsProvider
{
    /// <summary>The password, or null for none.</summary>
    byte[]? GetPassword(MqttClientOptions clientOptions);

    /// <summary>The user name, or null for none.</summary>
    string? GetUserName(MqttClientOptions clientOptions);
}
