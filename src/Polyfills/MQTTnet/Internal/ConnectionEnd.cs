using System.Net.Sockets;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Internal;

/// <summary>How a connection ended: what DisconnectedAsync reports, what those get who awaited answers, and what the server is told.</summary>
internal sealed class ConnectionEnd
{
    private ConnectionEnd(MqttClientDisconnectReason reason, Exception? exception, MqttCommunicationException failure)
    {
        Reason = reason;
        Exception = exception;
        Failure = failure;
    }

    public MqttClientDisconnectReason Reason { get; }

    public string? ReasonString { get; private init; }

    public List<MqttUserProperty>? UserProperties { get; private init; }

    public Exception? Exception { get; }

    /// <summary>For those who awaited answers.</summary>
    public MqttCommunicationException Failure { get; }

    /// <summary>Whether the server is to be told the reason.</summary>
    public bool IsTold { get; private init; }

    /// <summary>The program wanted it.</summary>
    public static ConnectionEnd Wanted(MqttClientDisconnectReason reason) => new(reason, null, new MqttClientDisconnectedException(null));

    /// <summary>The server sent DISCONNECT.</summary>
    public static ConnectionEnd ByServer(in DisconnectPacket packet)
    {
        string? text = packet.Properties.GetText(MqttPropertyId.ReasonString);
        List<MqttUserProperty>? user = packet.Properties.GetUser();
        var failure = new MqttClientUnexpectedDisconnectReceivedException(
            (MqttDisconnectReasonCode)packet.Reason, text, packet.Properties.GetText(MqttPropertyId.ServerReference), user);
        return new ConnectionEnd((MqttClientDisconnectReason)packet.Reason, null, failure) { ReasonString = text, UserProperties = user };
    }

    /// <summary>The server closed the connection without a word.</summary>
    public static ConnectionEnd Closed() =>
        Because(MqttClientDisconnectReason.UnspecifiedError, new MqttCommunicationException("The server closed the connection."));

    /// <summary>A loop of the connection threw.</summary>
    public static ConnectionEnd Of(Exception exception) => exception switch
    {
        ProtocolBreachException breach => Because((MqttClientDisconnectReason)breach.Reason, breach, isTold: true),
        MqttCommunicationTimedOutException late => Because(MqttClientDisconnectReason.KeepAliveTimeout, late),
        _ => Because(MqttClientDisconnectReason.UnspecifiedError, Wrap(exception)),
    };

    /// <summary>What the network reported, without the stream's wrapping, as this library's exception.</summary>
    public static MqttCommunicationException Wrap(Exception exception) => exception switch
    {
        MqttCommunicationException known => known,
        IOException { InnerException: SocketException socket } => new MqttCommunicationException(socket),
        _ => new MqttCommunicationException(exception),
    };

    private static ConnectionEnd Because(MqttClientDisconnectReason reason, Exception exception, bool isTold = false) =>
        new(reason, exception, new MqttClientDisconnectedException(exception)) { IsTold = isTold };
}
