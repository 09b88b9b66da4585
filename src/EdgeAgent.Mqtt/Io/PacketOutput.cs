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

    /// <summary>
    /// The longest packet that the device takes; more than we ever send, unless it has said so. An acknowledgement without properties is never
    /// longer than the CONNACK that it has taken.
    /// </summary>
    public uint MaximumPacketSize { get; set; } = uint.MaxValue;

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

    /// <summary>Whether the device takes a packet of this length.</summary>
    public bool Fits<TPacket>(in TPacket packet, MqttProtocolVersion version)
        where TPacket : struct, IMqttPacket
    {
        if (MaximumPacketSize > BacklogLimit)
        {
            return true;
        }
        var trial = new ArrayBufferWriter<byte>();
        packet.Write(trial, version);
        return trial.WrittenCount <= MaximumPacketSize;
    }

    /// <summary>Adds a packet. False, and nothing added, where it is longer than the device takes [MQTT-3.1.2-24].</summary>
    public bool Write<TPacket>(in TPacket packet, MqttProtocolVersion version)
        where TPacket : struct, IMqttPacket
    {
        if (!Fits(packet, version))
        {
            return false;
        }
        lock (_gate)
        {
            // What is ready goes first, so that nothing which was acknowledged before a DISCONNECT stands behind it.
            DrainRing();
            packet.Write(_gathering, version);
        }
        wake.Set();
        return true;
    }

    /// <summary>Nothing is added any more; the loop ends when all of it is written.</summary>
    public void Complete()
    {
        _isCompleted = true;
        wake.Set();
    }

    /// <summary>A write is under way, or was a moment ago.</summary>
    public bool IsWriting => Volatile.Read(ref _writeStarted) != 0;

    /// <summary>How long the write that is under way has lasted.</summary>
    public TimeSpan WriteDuration()
    {
        long started = Volatile.Read(ref _writeStarted);
        return started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started);
    }

    /// <summary>Writes until completed; exceptions of the stream fly.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="mustClose">Called where the next publish in turn is one that closes the connection: from here on no acknowledgement leaves.</param>
    public async Task RunAsync(Stream stream, Action mustClose)
    {
        bool isTold = false;
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
            if (!goesOn && !isTold)
            {
                isTold = true;
                mustClose();
            }
            if (_writing.WrittenCount == 0)
            {
                if (isLast)
                {
                    return;
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
