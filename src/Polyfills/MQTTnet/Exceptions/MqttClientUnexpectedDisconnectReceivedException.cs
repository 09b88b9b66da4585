using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Exceptions;

/// <summary>The server sent DISCONNECT while an answer was awaited.</summary>
public sealed class MqttClientUnexpectedDisconnectReceivedException : MqttCommunicationException
{
    internal MqttClientUnexpectedDisconnectReceivedException(
        MqttDisconnectReasonCode reasonCode, string? reasonString, string? serverReference, List<MqttUserProperty>? userProperties)
        : base($"The server disconnected with reason {reasonCode}{(reasonString is null ? "" : $": {reasonString}")}.")
    {
        ReasonCode = reasonCode;
        ReasonString = reasonString;
        ServerReference = serverReference;
        UserProperties = userProperties;
    }

    /// <summary>Why.</summary>
    public MqttDisconnectReasonCode? ReasonCode { get; }

    /// <summary>Why, in the server's words.</summary>
    public string? ReasonString { get; }

    /// <summary>The server to go to instead.</summary>
    public string? ServerReference { get; }

    /// <summary>What else the server said.</summary>
    public List<MqttUserProperty>? UserProperties { get; }
}
