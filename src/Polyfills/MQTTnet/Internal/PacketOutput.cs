using System.Buffers;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>
/// All that goes to the server on one connection. Packets gather while the last write is under way and then leave in one piece, so that many
/// small ones cost one system call. Whoever publishes waits while more than <see cref="Backlog"/> has gathered.
/// </summary>
internal sealed class PacketOutput(WireVersion version, TimeProvider time)
{
    /// <summary>Some hundred messages: enough for full segments, too little to matter.</summary>
    public const int Backlog = 64 * 1024;

    /// <summary>Acknowledgements of a server that asks and does not read the answers: from here on it is read no further.</summary>
    public const int ReplyBacklog = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _wake = new();
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _gathering = new(256);
    private ArrayBufferWriter<byte> _writing = new(256);
    private TaskCompletionSource? _room;
    private bool _isCompleted;
    private bool _isEnded;
    private long _lastWrite = time.GetTimestamp();

    /// <summary>When something was last sent, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    /// <summary>Completes when all is written that was accepted before <see cref="Complete"/>, or when the connection has ended.</summary>
    public Task Written => _written.Task;

    /// <summary>Accepts a packet. False where the connection has ended, or is being ended.</summary>
    public bool Write<TPacket>(in TPacket packet)
        where TPacket : struct, IMqttPacket
    {
        lock (_gate)
        {
            if (_isCompleted || _isEnded)
            {
                return false;
            }
            packet.Write(_gathering, version);
        }
        _wake.Set();
        return true;
    }

    /// <inheritdoc cref="Write{TPacket}"/>
    public bool Write(in PublishPacket packet, in ReadOnlySequence<byte> payload)
    {
        lock (_gate)
        {
            if (_isCompleted || _isEnded)
            {
                return false;
            }
            packet.Write(_gathering, version, payload);
        }
        _wake.Set();
        return true;
    }

    /// <summary>Waits until less than a limit has gathered. Returns at once where the connection has ended.</summary>
    public async ValueTask WaitForRoomAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_gathering.WrittenCount < limit || _isEnded)
                {
                    return;
                }
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing is accepted any more; what was accepted is written.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isCompleted = true;
        }
        _wake.Set();
    }

    /// <summary>Nothing is accepted or written any more.</summary>
    public void End()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _isEnded = true;
            (room, _room) = (_room, null);
        }
        room?.TrySetResult();
        _written.TrySetResult();
        _wake.Set();
    }

    /// <summary>Writes until completed or ended; exceptions of the stream fly.</summary>
    public async Task RunAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (Swap(out bool isLast))
        {
            if (_writing.WrittenCount > 0)
            {
                await stream.WriteAsync(_writing.WrittenMemory, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _lastWrite, time.GetTimestamp());
            }
            else if (isLast)
            {
                _written.TrySetResult();
                return;
            }
            else
            {
                await _wake.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private bool Swap(out bool isLast)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            isLast = _isCompleted;
            if (_isEnded)
            {
                return false;
            }
            (_gathering, _writing) = (_writing, _gathering);
            // One large message must not keep its memory for the rest of the connection.
            if (_gathering.Capacity > ReplyBacklog)
            {
                _gathering = new ArrayBufferWriter<byte>(256);
            }
            _gathering.ResetWrittenCount();
            (room, _room) = (_room, null);
        }
        room?.TrySetResult();
        return true;
    }
}
