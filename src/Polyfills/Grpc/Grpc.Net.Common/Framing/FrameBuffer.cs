using System.Buffers;

namespace Grpc.Net.Framing;

/// <summary>Frames, or the payload of one, in a rented array that grows. Holds no array until something is written.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    /// <summary>Where nothing is announced: small messages fit, larger ones double their way up.</summary>
    private const int InitialCapacity = 256;

    private byte[] _rented = [];

    /// <summary>Bytes written or skipped.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _rented.AsMemory(0, Length);

    /// <summary>Leaves room for what is known later, and returns where it is.</summary>
    public int Skip(int count)
    {
        int position = Length;
        // The array may be too short now; whoever writes behind the room makes it long enough, knowing how long that is.
        Length = checked(Length + count);
        return position;
    }

    /// <summary>The room that was skipped, to be written now.</summary>
    public Span<byte> Skipped(int position, int count)
    {
        Reserve(0);
        return _rented.AsSpan(position, count);
    }

    /// <summary>Makes room for so many more bytes.</summary>
    public void Reserve(int count)
    {
        int needed = checked(Length + count);
        if (_rented.Length >= needed)
        {
            return;
        }
        // Doubling keeps the copying of a message of unknown length linear; an announced length is rented as it is.
        int doubled = (int)Math.Min(2L * _rented.Length, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        _rented.AsSpan(0, Math.Min(Length, _rented.Length)).CopyTo(larger);
        Rent(larger);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureSpace(sizeHint);
        return _rented.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureSpace(sizeHint);
        return _rented.AsMemory(Length);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Max(0, _rented.Length - Length));
        Length += count;
    }

    /// <summary>Forgets what was written from here on. The array stays, for what is written next.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Forgets everything and gives the array back. The buffer can be used again.</summary>
    public void Return()
    {
        Length = 0;
        Rent([]);
    }

    private void EnsureSpace(int sizeHint)
    {
        if (_rented.Length - Length < Math.Max(sizeHint, 1))
        {
            Reserve(Math.Max(sizeHint, InitialCapacity));
        }
    }

    private void Rent(byte[] array)
    {
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
        _rented = array;
    }
}
