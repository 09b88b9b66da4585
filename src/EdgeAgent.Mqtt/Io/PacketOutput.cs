using System.Buffers;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;

namespace EdgeAgent.Mqtt.Io;

/// <summary>
/// All that goes out on one connection: replies that the reader writes, and the acknowledgements that its ring has ready. One loop takes what
/// has gathered while its last write was under way and writes it in one piece. Never holds more than the ring's capacity of acknowledgements
/// and <see cref="BacklogLimit"/> of replies, since the reader waits beyond that.
/// </summary>
internal sealed class PacketOutput(AsyncSignal wake, AsyncSignal progress, TimeProvider time, Action? written = null)
{
    /// <summary>Who asks without reading the answers is read no further from here on.</summary>
    public const int BacklogLimit = 16 * 1024;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _gathering = new(64);
    private ArrayBufferWriter<byte> _writing = new(64);
    private long _writeStarted;
    private bool _mustClose;
    private volatile bool _isCompleted;

    /// <summary>Where a version is agreed on: the ring to drain.</summary>
    public AcknowledgementRing? Ring { get; set; }

    public bool IsBacklogged
    {
        get
        {
            lock (_gate)
            {
                return _gathering.WrittenCount > BacklogLimit;
            }
        }
    }

    public void Write<TPacket>(in TPacket packet, MqttProtocolVersion version)
        where TPacket : struct, IMqttPacket
    {
        lock (_gate)
        {
            // What is ready goes first, so that nothing which was acknowledged before a DISCONNECT stands behind it.
            DrainRing();
            packet.Write(_gathering, version);
        }
        wake.Set();
    }

    /// <summary>Nothing is added any more; the loop ends when all of it is written.</summary>
    public void Complete()
    {
        _isCompleted = true;
        wake.Set();
    }

    /// <summary>How long the write that is under way has lasted.</summary>
    public TimeSpan WriteDuration()
    {
        long started = Volatile.Read(ref _writeStarted);
        return started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started);
    }

    /// <summary>Writes until completed. False where a refused publish says that the connection must close; exceptions of the stream fly.</summary>
    public async Task<bool> RunAsync(Stream stream)
    {
        while (true)
        {
            bool isLast = _isCompleted;
            bool goesOn = Swap();
            if (_writing.WrittenCount > 0)
            {
                // Zero means that no write is under way.
                Volatile.Write(ref _writeStarted, long.Max(1, time.GetTimestamp()));
                await stream.WriteAsync(_writing.WrittenMemory).ConfigureAwait(false);
                Volatile.Write(ref _writeStarted, 0);
                written?.Invoke();
            }
            progress.Set();
            if (!goesOn)
            {
                return false;
            }
            if (_writing.WrittenCount == 0)
            {
                if (isLast)
                {
                    return true;
                }
                await wake.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private bool Swap()
    {
        lock (_gate)
        {
            DrainRing();
            (_gathering, _writing) = (_writing, _gathering);
            _gathering.ResetWrittenCount();
            return !_mustClose;
        }
    }

    private void DrainRing() => _mustClose |= Ring is { } ring && !ring.Drain(_gathering);
}
