namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// The only way into a byte array that GZipStream offers is a stream. This one has a fixed length, and
/// remembers that something did not fit instead of throwing: a batch that does not become smaller is an ordinary outcome.
/// </summary>
internal sealed class FixedStream(Memory<byte> memory) : Stream
{
    private int _written;

    public bool Overflowed { get; private set; }

    public ReadOnlySpan<byte> Written => memory.Span[.._written];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position { get => _written; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Overflowed |= buffer.Length > memory.Length - _written;
        if (!Overflowed)
        {
            buffer.CopyTo(memory.Span[_written..]);
            _written += buffer.Length;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
