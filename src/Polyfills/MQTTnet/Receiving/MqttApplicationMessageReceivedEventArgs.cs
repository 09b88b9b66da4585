using MQTTnet.Internal;
using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>
/// A message that has come. It is acknowledged when the handler has completed, unless <see cref="AutoAcknowledge"/> is false: then by
/// <see cref="AcknowledgeAsync"/>, at any time, in any order and from any thread. What is never acknowledged comes again when the session
/// is resumed.
/// </summary>
public sealed class MqttApplicationMessageReceivedEventArgs : EventArgs
{
    private readonly ReceivedOrder _order;
    private readonly Turn? _turn;
    private List<MqttUserProperty>? _responseUserProperties;
    private int _isAcknowledged;

    /// <param name="clientId">The receiving client.</param>
    /// <param name="message">The message.</param>
    /// <param name="order">Of the connection by which it came.</param>
    /// <param name="turn">Its place in that order; null with QoS 0.</param>
    internal MqttApplicationMessageReceivedEventArgs(string clientId, MqttApplicationMessage message, ReceivedOrder order, Turn? turn)
    {
        ClientId = clientId;
        ApplicationMessage = message;
        _order = order;
        _turn = turn;
    }

    /// <summary>The message.</summary>
    public MqttApplicationMessage ApplicationMessage { get; }

    /// <summary>Acknowledge when the handler has completed. Default true.</summary>
    public bool AutoAcknowledge { get; set; } = true;

    /// <summary>The receiving client.</summary>
    public string ClientId { get; }

    /// <summary>For the handlers to tell each other; the library does not look at it.</summary>
    public bool IsHandled { get; set; }

    /// <summary>The packet id; 0 with QoS 0.</summary>
    public ushort PacketIdentifier => _turn?.PacketId ?? 0;

    /// <summary>Acknowledging then sends nothing, so that the server keeps the message. Default false.</summary>
    public bool ProcessingFailed { get; set; }

    /// <summary>What the acknowledgement says (5.0). Default: success.</summary>
    public MqttApplicationMessageReceivedReasonCode ReasonCode { get; set; } = MqttApplicationMessageReceivedReasonCode.Success;

    /// <summary>The same in words (5.0).</summary>
    public string? ResponseReasonString { get; set; }

    /// <summary>What else the acknowledgement says (5.0).</summary>
    public List<MqttUserProperty> ResponseUserProperties => _responseUserProperties ??= [];

    /// <summary>For the handlers; the library does not look at it.</summary>
    public object? Tag { get; set; }

    internal bool HasResponseProperties => ResponseReasonString is not null || _responseUserProperties is { Count: > 0 };

    /// <summary>
    /// Acknowledges. The packet leaves when all messages that came before are acknowledged too [MQTT-4.6.0-2]; the task does not wait for
    /// those, and completes when the packet's turn has been noted. A message of QoS 2 can still be acknowledged after its connection's end, as
    /// long as the server's copy has not been handed over on the next one: that copy then is answered and not handed over.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has been acknowledged before.</exception>
    /// <exception cref="Exceptions.MqttClientDisconnectedException">The connection by which it came has ended; the server will send it again.</exception>
    public Task AcknowledgeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }
        if (Interlocked.Exchange(ref _isAcknowledged, 1) != 0)
        {
            throw new InvalidOperationException("The message is acknowledged already.");
        }
        if (_turn is not null)
        {
            _order.Acknowledge(_turn, this);
        }
        return Task.CompletedTask;
    }

    /// <summary>False where it is a copy of a message that was taken on an earlier connection.</summary>
    internal bool TryHandOver() => _turn is null || _order.TryHandOver(_turn);

    /// <summary>The handler threw: as if it had set <see cref="ProcessingFailed"/>, unless it had acknowledged before.</summary>
    internal void Decline()
    {
        if (_turn is not null && Interlocked.Exchange(ref _isAcknowledged, 1) == 0)
        {
            ProcessingFailed = true;
            _order.Acknowledge(_turn, this);
        }
    }
}
