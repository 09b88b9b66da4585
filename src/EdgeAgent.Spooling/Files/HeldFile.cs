namespace EdgeAgent.Spooling.Files;

/// <summary>
/// A segment's file of which flash has nothing yet: its bytes are in memory, and go with it where the cloud has them in time. Once they are
/// written it is the file that they were written to, for good. It is written to under the spool's gate, and read by anybody.
/// </summary>
internal sealed class HeldFile(int length) : ISpoolFile
{
    /// <summary>Taken as they are needed, and small enough not to count as large objects.</summary>
    private const int BlockBytes = 64 * 1024;

    private byte[]?[]? _blocks = new byte[]?[(length + BlockBytes - 1) / BlockBytes]; // null once they are written
    private long _end;

    public long Length => length;

    /// <summary>Flash has nothing of it that counts.</summary>
    public bool IsHeld => Volatile.Read(ref _blocks) is not null;

    /// <summary>The file that it is, or is going to be; null where none was needed yet.</summary>
    public ISpoolFile? Disk { get; set; }

    /// <summary>What memory holds of it, less than a block beside.</summary>
    public long HeldBytes => IsHeld ? _end : 0;

    /// <summary>
    /// Returns when the contents would survive a power cut. Where this throws they are all in memory still: what a failed sync has left
    /// unwritten is written again by the next attempt.
    /// </summary>
    public void WriteDown()
    {
        byte[]?[] blocks = _blocks!;
        for (long offset = 0; offset < _end; offset += BlockBytes)
        {
            Disk!.Write(blocks[offset / BlockBytes].AsSpan(0, (int)Math.Min(BlockBytes, _end - offset)), offset);
        }
        Disk!.Sync();
        // A reader that is still at the old blocks keeps them alive.
        Volatile.Write(ref _blocks, null);
    }

    public int Read(Span<byte> buffer, long offset)
    {
        if (Volatile.Read(ref _blocks) is not { } blocks)
        {
            return Disk!.Read(buffer, offset);
        }
        int count = (int)Math.Clamp(Volatile.Read(ref _end) - offset, 0, buffer.Length);
        for (int at = 0; at < count;)
        {
            (long block, long begin) = Math.DivRem(offset + at, BlockBytes);
            int part = (int)Math.Min(BlockBytes - begin, count - at);
            blocks[block].AsSpan((int)begin, part).CopyTo(buffer[at..]);
            at += part;
        }
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_blocks is not { } blocks)
        {
            Disk!.Write(bytes, offset);
            return;
        }
        for (int at = 0; at < bytes.Length;)
        {
            (long block, long begin) = Math.DivRem(offset + at, BlockBytes);
            int part = (int)Math.Min(BlockBytes - begin, bytes.Length - at);
            bytes.Slice(at, part).CopyTo((blocks[block] ??= new byte[BlockBytes]).AsSpan((int)begin));
            at += part;
        }
        Volatile.Write(ref _end, Math.Max(_end, offset + bytes.Length));
    }

    public void Sync()
    {
        if (!IsHeld)
        {
            Disk!.Sync();
        }
    }

    public void Dispose() => Disk?.Dispose();
}
