using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>A connection has ended, or could not be made.</summary>
public sealed class MqttClientDisconnectedEventArgs : EventArgs
{
    /// <summary>All that is known of it.</summary>
    public MqttClientDisconnectedEventArgs(
        bool clientWasConnected,
        MqttClientConnectResult? connectResult,
        MqttClientDisconnectReason reason,
        string? reasonString,
        List<MqttUserProperty>? userProperties,
        Exception? exception)
    {
        ClientWasConnected = clientWasConnected;
        ConnectResult = connectResult;
        Reason = reason;
        ReasonString = reasonString;
        UserProperties = userProperties;
        Exception = exception;
    }

    /// <summary>False where an attempt to connect failed.</summary>
    public bool ClientWasConnected { get; }

    /// <summary>The server's refusal, where there is one.</summary>
    public MqttClientConnectResult? ConnectResult { get; }

    /// <summary>What broke the connection; null where it was ended in order, or without a word.</summary>
    public Exception? Exception { get; }

    /// <summary>Why: the server's reason, or this client's.</summary>
    public MqttClientDisconnectReason Reason { get; }

    /// <summary>The same in the server's words.</summary>
    public string? ReasonString { get; }

    /// <summary>What else the server said.</summary>
    public List<MqttUserProperty>? UserProperties { get; }
}
