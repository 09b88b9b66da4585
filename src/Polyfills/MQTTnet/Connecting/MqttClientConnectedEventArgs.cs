namespace MQTTnet;

/// <summary>A connection stands.</summary>
public sealed class MqttClientConnectedEventArgs : EventArgs
{
    /// <summary>With the server's answer.</summary>
    public MqttClientConnectedEventArgs(MqttClientConnectResult connectResult)
    {
        ArgumentNullException.ThrowIfNull(connectResult);
        ConnectResult = connectResult;
    }

    /// <summary>What the server answered.</summary>
    public MqttClientConnectResult ConnectResult { get; }
}
