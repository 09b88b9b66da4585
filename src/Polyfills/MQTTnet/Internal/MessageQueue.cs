using EdgeAgent.Mqtt.Io;

namespace MQTTnet.Internal;

/// <summary>
/// Messages between the socket and the handler. It is bounded by bytes: beyond <see cref="Capacity"/> the reader waits, and so in the end
/// does the server. A few messages must fit, because answers to this client's own requests come behind them on the same socket.
/// </summary>
internal sealed class MessageQueue
{
    /// <summary>Bytes of payload, counting <see cref="Overhead"/> for each message: a tenth of a second of the busiest traffic.</summary>
    public const int Capacity = 1024 * 1024;

    /// <summary>The objects around a payload.</summary>
    public const int Overhead = 256;

    private readonly Lock _gate = new();
    private readonly Queue<MqttApplicationMessageReceivedEventArgs> _messages = new();
    private readonly AsyncSignal _arrived = new();
    private readonly AsyncSignal _taken = new();
    private long _size;
    private bool _isEnded;

    /// <summary>Adds a message. False where the reader must wait before it adds another.</summary>
    public bool Add(MqttApplicationMessageReceivedEventArgs message)
    {
        bool hasRoom;
        lock (_gate)
        {
            _messages.Enqueue(message);
            _size += SizeOf(message);
            hasRoom = _size < Capacity;
        }
        _arrived.Set();
        return hasRoom;
    }

    /// <summary>Waits until there is room again, or until the connection ends.</summary>
    public async ValueTask WaitForRoomAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_size < Capacity || _isEnded)
                {
                    return;
                }
            }
            await _taken.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The next message, or null when the connection has ended: what is left then comes again.</summary>
    public async ValueTask<MqttApplicationMessageReceivedEventArgs?> TakeAsync()
    {
        while (true)
        {
            MqttApplicationMessageReceivedEventArgs? message;
            lock (_gate)
            {
                if (_isEnded)
                {
                    return null;
                }
                if (_messages.TryDequeue(out message))
                {
                    _size -= SizeOf(message);
                }
            }
            if (message is not null)
            {
                _taken.Set();
                return message;
            }
            await _arrived.WaitAsync().ConfigureAwait(false);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            _messages.Clear();
        }
        _arrived.Set();
        _taken.Set();
    }

    private static long SizeOf(MqttApplicationMessageReceivedEventArgs message) => message.ApplicationMessage.Payload.Length + Overhead;
}
