namespace MQTTnet.Exceptions;

/// <summary>There was no connection when the call was made: nothing has been sent.</summary>
public class MqttClientNotConnectedException : MqttCommunicationException
{
    /// <summary>Without a cause.</summary>
    public MqttClientNotConnectedException()
        : this(null)
    {
    }

    /// <summary>With what was below it.</summary>
    public MqttClientNotConnectedException(Exception? innerException)
        : base("The MQTT client is not connected.", innerException)
    {
    }
}
