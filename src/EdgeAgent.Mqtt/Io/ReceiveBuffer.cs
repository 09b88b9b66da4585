using System.Buffers;
using System.Numerics;

namespace EdgeAgent.Mqtt.Io;

/// <summary>
/// What has come from a socket and is not consumed yet, always in one piece, so that a packet's topic and payload are plain memory. (A pipe
/// would hand out a packet that crosses two of its segments in two pieces, which would have to be copied then.)
/// Small while a connection is quiet, because there are many of those; large while reads come back full, because those pay for it.
/// </summary>
/// <param name="budget">What a buffer that is not small is taken from; null for no limit.</param>
internal sealed class ReceiveBuffer(BufferBudget? budget = null) : IDisposable
{
    /// <summary>A kilobyte or two of telemetry: what a quiet connection holds.</summary>
    public const int Small = 4 * 1024;

    /// <summary>Some six hundred messages of 100 bytes a system call.</summary>
    public const int Large = 64 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(Small);
    private int _start;
    private int _end;
    private int _lastRead;
    private int _taken;

    /// <summary>A view that is valid until the next <see cref="ReadAsync"/>.</summary>
    public ReadOnlyMemory<byte> Unread => _array.AsMemory(_start, _end - _start);

    /// <summary>What room for so many bytes takes from the budget: the array that the pool hands out for it, and nothing for a small one.</summary>
    public static int CostOf(int length) => length > Small ? (int)BitOperations.RoundUpToPowerOf2((uint)length) : 0;

    public void Consume(int length) => _start += length;

    /// <summary>Makes room for a packet of the given length (zero where it is not known). False where the budget does not allow it.</summary>
    public bool TryMakeRoom(int packetLength)
    {
        int unread = _end - _start;
        bool wasFull = _lastRead > 0 && _end == _array.Length;
        // One byte of room at least, whatever is known of the packet.
        int needed = int.Max(Small, int.Max(packetLength, unread + 1));
        int wanted = wasFull || (_array.Length > Small && _lastRead > Small) ? int.Max(Large, needed) : needed;
        bool isTooSmall = _array.Length < wanted;
        bool isTooLarge = _array.Length > Small * 2 && wanted <= Small;
        if ((isTooSmall || isTooLarge) && !TryResize(wanted) && _array.Length < needed && !TryResize(needed))
        {
            return false;
        }
        if (_start > 0)
        {
            _array.AsSpan(_start, unread).CopyTo(_array);
        }
        _start = 0;
        _end = unread;
        return true;
    }

    /// <summary>Reads once, with room for a packet of the given length (zero where it is not known). False at the end of the stream.</summary>
    /// <exception cref="InvalidOperationException">The budget does not allow it: <see cref="TryMakeRoom"/> was not asked.</exception>
    public async ValueTask<bool> ReadAsync(Stream stream, int packetLength, CancellationToken cancellationToken)
    {
        if (!TryMakeRoom(packetLength))
        {
            throw new InvalidOperationException("There is no room for the packet.");
        }
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
            budget?.Give(_taken);
            _taken = 0;
        }
    }

    private bool TryResize(int length)
    {
        int more = CostOf(length) - _taken;
        if (budget is not null && more > 0 && !budget.TryTake(more))
        {
            return false;
        }
        byte[] other = ArrayPool<byte>.Shared.Rent(length);
        _array.AsSpan(_start, _end - _start).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_array);
        _array = other;
        _end -= _start;
        _start = 0;
        if (more < 0)
        {
            budget?.Give(-more);
        }
        _taken += more;
        return true;
    }
}
