namespace MQTTnet;

/// <summary>An attempt to connect begins.</summary>
public sealed class MqttClientConnectingEventArgs : EventArgs
{
    /// <summary>With these options.</summary>
    public MqttClientConnectingEventArgs(MqttClientOptions clientOptions) => ClientOptions = clientOptions;

    /// <summary>As given to ConnectAsync.</summary>
    public MqttClientOptions ClientOptions { get; }
}
