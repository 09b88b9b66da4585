using System.Buffers;

namespace Grpc.Net.Framing;

/// <summary>
/// One outgoing frame in a rented array: room for the header is left at the front, so that header and payload go out in one write.
/// </summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    /// <summary>Where nothing is announced: small messages fit, larger ones double their way up.</summary>
    private const int InitialCapacity = 256;

    private byte[]? _rented;
    private int _end = FrameHeader.Size;

    public int PayloadLength => _end - FrameHeader.Size;

    public ReadOnlySpan<byte> Payload => _rented is null ? default : _rented.AsSpan(FrameHeader.Size, PayloadLength);

    public ReadOnlySequence<byte> PayloadSequence => _rented is null ? default : new(_rented, FrameHeader.Size, PayloadLength);

    /// <summary>Writes the header and returns the whole frame. Valid until <see cref="Return"/>.</summary>
    public ReadOnlyMemory<byte> Seal(bool isCompressed)
    {
        Reserve(0);
        new FrameHeader(isCompressed, (uint)PayloadLength).Write(_rented);
        return _rented.AsMemory(0, _end);
    }

    /// <summary>Makes room for so many more bytes.</summary>
    public void Reserve(int count)
    {
        int needed = checked(_end + count);
        if (_rented is not null && _rented.Length >= needed)
        {
            return;
        }
        // Doubling keeps the copying of a message of unknown length linear; an announced length is rented as it is.
        int doubled = (int)Math.Min(2L * (_rented?.Length ?? 0), Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        if (_rented is not null)
        {
            _rented.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_rented);
        }
        _rented = larger;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureSpace(sizeHint);
        return _rented.AsSpan(_end);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureSpace(sizeHint);
        return _rented.AsMemory(_end);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_rented?.Length ?? _end) - _end);
        _end += count;
    }

    /// <summary>Gives the array back. The buffer can be used for the next message.</summary>
    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
        _end = FrameHeader.Size;
    }

    private void EnsureSpace(int sizeHint)
    {
        if (_rented is null || _rented.Length - _end < Math.Max(sizeHint, 1))
        {
            Reserve(Math.Max(sizeHint, InitialCapacity));
        }
    }
}
