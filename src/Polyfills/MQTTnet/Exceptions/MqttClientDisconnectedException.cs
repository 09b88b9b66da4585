namespace MQTTnet.Exceptions;

/// <summary>The connection ended while an answer was awaited: the server may or may not have got what was sent.</summary>
public sealed class MqttClientDisconnectedException : MqttCommunicationException
{
    /// <summary>With what ended the connection, where it is known.</summary>
    public MqttClientDisconnectedException(Exception? innerException)
        : base(innerException is null ? "The MQTT client was disconnected." : $"The MQTT client was disconnected: {innerException.Message}", innerException)
    {
    }
}
