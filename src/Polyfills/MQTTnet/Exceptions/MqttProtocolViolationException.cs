namespace MQTTnet.Exceptions;

/// <summary>The server, or this program, did what the protocol forbids.</summary>
public class MqttProtocolViolationException : Exception
{
    /// <summary>Says what was done.</summary>
    public MqttProtocolViolationException(string message)
        : base(message)
    {
    }
}
