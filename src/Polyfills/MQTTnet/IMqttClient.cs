namespace MQTTnet;

/// <summary>
/// An MQTT client: one session, on one connection at a time. It never reconnects by itself; <see cref="ConnectAsync"/> may be called again
/// after every end, and with clean start off the session goes on.
/// Messages are handed over one after the other; while a handler works, the next waits, and when some have gathered the socket is not read.
/// So a handler that awaits answers of the same client waits in vain if it is flooded meanwhile.
/// </summary>
public interface IMqttClient : IDisposable
{
    /// <summary>A message has come. The next one is handed over when the handler's task has completed.</summary>
    event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync;

    /// <summary>A connection stands. <see cref="ConnectAsync"/> waits for the handlers.</summary>
    event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync;

    /// <summary>An attempt to connect begins when the handlers have completed.</summary>
    event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync;

    /// <summary>A connection has ended, or an attempt has failed. Nothing waits for the handlers: they may connect again.</summary>
    event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync;

    /// <summary>Whether a connection stands, as far as is known here.</summary>
    bool IsConnected { get; }

    /// <summary>Of the last <see cref="ConnectAsync"/>; null before the first.</summary>
    MqttClientOptions? Options { get; }

    /// <summary>Connects. A server's refusal is a result, not an exception.</summary>
    /// <param name="options">Where, and as whom.</param>
    /// <param name="cancellationToken">Ends the attempt, as does <see cref="MqttClientOptions.Timeout"/>.</param>
    /// <exception cref="Exceptions.MqttCommunicationException">The server cannot be reached.</exception>
    /// <exception cref="Adapter.MqttConnectingFailedException">The server can be reached and does not answer in order, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The time was over, or the token cancelled, before the server was reached.</exception>
    Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default);

    /// <summary>Sends all that is on its way, then DISCONNECT, and closes. Without a connection it does nothing.</summary>
    Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default);

    /// <summary>Asks the server for a sign of life.</summary>
    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Publishes. QoS 0: completes when the message is on its way; QoS 1 and 2: when the server has it. Messages leave in the order of the
    /// calls.
    /// Cancelling ends only the waiting: what has been sent may arrive. Where a connection's end interrupts a publish of QoS 2, publishing the same
    /// object again on a later connection of the session continues it, so that the message arrives once.
    /// </summary>
    /// <exception cref="Exceptions.MqttClientNotConnectedException">There is no connection: nothing has been sent.</exception>
    /// <exception cref="Exceptions.MqttCommunicationException">The connection ended, or the token was cancelled, while the server's answer was awaited.</exception>
    Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default);

    /// <summary>Subscribes.</summary>
    Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default);

    /// <summary>Ends subscriptions.</summary>
    Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default);
}
