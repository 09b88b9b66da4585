using System.Buffers.Binary;

namespace EdgeAgent.Interop.Frames;

/// <summary>
/// Whether the messages of one direction of a call were compressed. gRPC's API does not tell, so their frames are watched as they pass:
/// <code>
/// body    := message*
/// message := compressed(u8: 0 or 1) length(u32be) payload(length bytes)
/// </code>
/// </summary>
internal sealed class MessageFlags
{
    private readonly Lock _gate = new();
    private readonly Queue<bool> _flags = [];
    private readonly byte[] _header = new byte[5];
    private int _headerLength;
    private uint _payloadLeft;

    /// <summary>Takes in the next bytes of the body, which may end anywhere.</summary>
    public void Observe(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (!bytes.IsEmpty)
            {
                int taken = _payloadLeft > 0 ? SkipPayload(bytes) : ReadHeader(bytes);
                bytes = bytes[taken..];
            }
        }
    }

    /// <summary>The flag of the next message that nobody asked about yet.</summary>
    /// <exception cref="InvalidOperationException">No such message has passed.</exception>
    public bool TakeNext()
    {
        lock (_gate)
        {
            return _flags.Dequeue();
        }
    }

    private int SkipPayload(ReadOnlySpan<byte> bytes)
    {
        int skipped = (int)Math.Min(_payloadLeft, (uint)bytes.Length);
        _payloadLeft -= (uint)skipped;
        return skipped;
    }

    private int ReadHeader(ReadOnlySpan<byte> bytes)
    {
        int copied = Math.Min(_header.Length - _headerLength, bytes.Length);
        bytes[..copied].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += copied;
        if (_headerLength == _header.Length)
        {
            _flags.Enqueue(_header[0] != 0);
            _payloadLeft = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(1));
            _headerLength = 0;
        }
        return copied;
    }
}
