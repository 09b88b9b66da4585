namespace MQTTnet.Exceptions;

/// <summary>The connection could not be made, broke, or is not there. What was under way may or may not have reached the server.</summary>
public class MqttCommunicationException : Exception
{
    /// <summary>Wraps what the network reported.</summary>
    public MqttCommunicationException(Exception? innerException)
        : base(innerException?.Message ?? "The MQTT communication failed.", innerException)
    {
    }

    /// <summary>Says what happened, and what was below it.</summary>
    public MqttCommunicationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
