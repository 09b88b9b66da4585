using System.Buffers;

namespace EdgeAgent.Mqtt.Io;

/// <summary>
/// What has come from a socket and is not consumed yet, always in one piece, so that a packet's topic and payload are plain memory. (A pipe
/// would hand out a packet that crosses two of its segments in two pieces, which would have to be copied then.)
/// Small while a connection is quiet, because there are many of those; large while reads come back full, because those pay for it.
/// </summary>
internal sealed class ReceiveBuffer : IDisposable
{
    /// <summary>A kilobyte or two of telemetry: what a quiet connection holds.</summary>
    public const int Small = 4 * 1024;

    /// <summary>Some six hundred messages of 100 bytes a system call.</summary>
    public const int Large = 64 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(Small);
    private int _start;
    private int _end;
    private int _lastRead;

    /// <summary>A view that is valid until the next <see cref="ReadAsync"/>.</summary>
    public ReadOnlyMemory<byte> Unread => _array.AsMemory(_start, _end - _start);

    public void Consume(int length) => _start += length;

    /// <summary>Reads once, with room for a packet of the given length (zero where it is not known). False at the end of the stream.</summary>
    public async ValueTask<bool> ReadAsync(Stream stream, int packetLength, CancellationToken cancellationToken)
    {
        MakeRoom(packetLength);
        _lastRead = await stream.ReadAsync(_array.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += _lastRead;
        return _lastRead > 0;
    }

    public void Dispose()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
            _start = _end = 0;
        }
    }

    private void MakeRoom(int packetLength)
    {
        int unread = _end - _start;
        bool wasFull = _lastRead > 0 && _end == _array.Length;
        int wanted = wasFull || (_array.Length > Small && _lastRead > Small) ? Large : Small;
        // One byte of room at least, whatever is known of the packet.
        wanted = int.Max(wanted, int.Max(packetLength, unread + 1));
        bool isTooSmall = _array.Length < wanted;
        bool isTooLarge = _array.Length > Small * 2 && wanted <= Small;
        if (isTooSmall || isTooLarge)
        {
            byte[] other = ArrayPool<byte>.Shared.Rent(wanted);
            _array.AsSpan(_start, unread).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_array);
            _array = other;
        }
        else if (_start > 0)
        {
            _array.AsSpan(_start, unread).CopyTo(_array);
        }
        _start = 0;
        _end = unread;
    }
}
