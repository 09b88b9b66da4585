using System.Buffers;
using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>Walks over the records of one segment through one pooled buffer, and finds its way behind bytes that make no record.</summary>
internal sealed class SegmentCursor : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private byte[] _buffer = [];
    private ISpoolFile? _file;
    private uint _seed;
    private long _fileBytes;
    private long _start;  // where the buffer's first byte stands in the file
    private int _filled;
    private long _record; // where the last record that was found begins

    /// <summary>Sectors that cannot be read are as good as overwritten; otherwise they are an error of the disk.</summary>
    public bool ReadsAroundDamage { get; set; }

    /// <summary>Where the search goes on; after a record was found, its end.</summary>
    public long Offset { get; private set; }

    public void Open(ISpoolFile file, uint seed, long offset)
    {
        _file = file;
        _seed = seed;
        _fileBytes = file.Length;
        Offset = offset;
        Forget();
    }

    public void Open(Segment segment) => Open(segment.File, segment.ChecksumSeed, SegmentHeader.BytesOf(segment.Identity));

    /// <summary>What was read ahead may have been written since.</summary>
    public void Forget() => _filled = 0;

    /// <summary>The record that was just found will be found again.</summary>
    public void StepBack() => Offset = _record;

    /// <summary>
    /// Finds the next valid record, here or further on, with a sequence in the range. Where there is none it returns false, and stays
    /// where it is. The payload is valid until the next call.
    /// </summary>
    public bool TryFind(ulong lowest, ulong highest, out RecordHeader header, out ReadOnlyMemory<byte> payload)
    {
        for (long offset = Offset; offset + RecordHeader.Bytes < _fileBytes; offset++)
        {
            if (!TryBuffer(offset, RecordHeader.Bytes))
            {
                break;
            }
            ReadOnlySpan<byte> ahead = _buffer.AsSpan((int)(offset - _start), _filled - (int)(offset - _start));
            if (RecordHeader.TryRead(ahead, lowest, highest, _fileBytes - offset, out header)
                && TryBuffer(offset, header.RecordBytes)
                && header.Matches(_buffer.AsSpan((int)(offset - _start), header.RecordBytes), _seed))
            {
                payload = _buffer.AsMemory((int)(offset - _start) + RecordHeader.Bytes, header.Length);
                _record = offset;
                Offset = offset + header.RecordBytes;
                return true;
            }
            // A length is never zero, so a record begins at most three bytes before the first one that is not.
            int zeros = ahead.IndexOfAnyExcept((byte)0);
            offset += Math.Max(0, (zeros < 0 ? ahead.Length : zeros) - 4);
        }
        header = default;
        payload = default;
        return false;
    }

    /// <summary>
    /// Whether anything but zeros stands between the place where the search goes on and the end of that page: a write had begun.
    /// </summary>
    public bool AnythingFollowsInPage()
    {
        int rest = (int)(-Offset & (SegmentWriter.PageBytes - 1));
        rest = (int)Math.Min(rest, Math.Max(0, _fileBytes - Offset));
        return rest > 0 && TryBuffer(Offset, rest) && _buffer.AsSpan((int)(Offset - _start), rest).ContainsAnyExcept((byte)0);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    /// <summary>Makes the buffer hold these bytes of the file.</summary>
    private bool TryBuffer(long offset, int bytes)
    {
        if (offset >= _start && offset + bytes <= _start + _filled)
        {
            return true;
        }
        int wanted = (int)Math.Min(Math.Max(ChunkBytes, bytes), _fileBytes - offset);
        if (_buffer.Length < wanted)
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(wanted);
        }
        _start = offset;
        _filled = 0;
        Span<byte> target = _buffer.AsSpan(0, wanted);
        _filled = ReadsAroundDamage ? _file!.ReadAround(target, offset) : _file!.Read(target, offset);
        return _filled >= bytes;
    }
}
