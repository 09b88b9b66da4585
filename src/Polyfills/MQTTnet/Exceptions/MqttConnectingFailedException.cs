using MQTTnet.Exceptions;

namespace MQTTnet.Adapter;

/// <summary>The network connection stood, but the server did not answer CONNECT with CONNACK.</summary>
public sealed class MqttConnectingFailedException : MqttCommunicationException
{
    /// <summary>Says what happened, and what was below it.</summary>
    public MqttConnectingFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
