namespace MQTTnet.Exceptions;

/// <summary>The server did not answer in time, or the caller's token was cancelled while an answer was awaited.</summary>
public sealed class MqttCommunicationTimedOutException : MqttCommunicationException
{
    /// <summary>Without a cause.</summary>
    public MqttCommunicationTimedOutException()
        : this(null)
    {
    }

    /// <summary>With what was below it.</summary>
    public MqttCommunicationTimedOutException(Exception? innerException)
        : base("The server did not answer in time.", innerException)
    {
    }
}
