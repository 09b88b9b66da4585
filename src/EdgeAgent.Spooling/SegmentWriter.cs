using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Gathers records for the newest segment and writes them in whole pages: a page that is written in part would first have to be read
/// from disk. So the page with the end of the last record is kept, and written again with what follows; the disk writes a page in any
/// case. The rest of the last page is zeros: what follows the last record there is nothing, not the file's previous life. Called under
/// the spool's gate.
/// </summary>
internal sealed class SegmentWriter
{
    public const int PageBytes = 4096;

    /// <summary>A commit of up to this many bytes is one write.</summary>
    private const int BufferBytes = 128 * 1024;

    private byte[] _buffer = [];
    private ISpoolFile? _file;
    private long _fileBytes;
    private long _start; // where the buffer's first byte stands in the file: always at a page
    private int _length;
    private bool _unwritten;

    /// <summary>What is gathered here, the begun page included.</summary>
    public int UnwrittenBytes => _length;

    /// <summary>Where the next record goes.</summary>
    private long End => _start + _length;

    public bool Fits(int payloadBytes) => _file is not null && End + RecordHeader.Bytes + payloadBytes <= _fileBytes;

    /// <summary>Starts a segment. Nothing is written yet: the header goes with the first records.</summary>
    public void Begin(ISpoolFile file, in SegmentHeader header)
    {
        Attach(file, header.SegmentBytes, 0);
        header.Write(_buffer);
        _length = SegmentHeader.BytesOf(header.Identity);
    }

    /// <summary>Goes on in a segment that was found on disk.</summary>
    public void Resume(ISpoolFile file, long end)
    {
        Attach(file, file.Length, end / PageBytes * PageBytes);
        _length = (int)(end - _start);
        file.Read(_buffer.AsSpan(0, _length), _start);
    }

    /// <summary>The segment is gone: nothing fits until the next one begins.</summary>
    public void Detach() => _file = null;

    /// <summary>Takes one record, which fits. Where this throws, nothing was taken.</summary>
    public void Append(uint seed, ulong sequence, ulong itemsBefore, uint items, ReadOnlySpan<byte> payload)
    {
        int recordBytes = RecordHeader.Bytes + payload.Length;
        if (_length + recordBytes > _buffer.Length - PageBytes)
        {
            WriteOut();
            int needed = (_length + recordBytes + (2 * PageBytes) - 1) / PageBytes * PageBytes;
            if (needed > _buffer.Length)
            {
                Array.Resize(ref _buffer, needed);
            }
        }
        RecordHeader.Write(_buffer.AsSpan(_length), seed, sequence, itemsBefore, items, payload);
        payload.CopyTo(_buffer.AsSpan(_length + RecordHeader.Bytes));
        _length += recordBytes;
        _unwritten = true;
    }

    /// <summary>Hands everything to the file system in one write. Where this throws, everything is still here.</summary>
    public void WriteOut()
    {
        if (!_unwritten)
        {
            return;
        }
        int whole = _length / PageBytes * PageBytes;
        int rest = _length - whole;
        int padded = rest == 0 ? whole : whole + PageBytes;
        _buffer.AsSpan(_length, padded - _length).Clear();
        _file!.Write(_buffer.AsSpan(0, (int)Math.Min(padded, _fileBytes - _start)), _start);
        _buffer.AsSpan(whole, rest).CopyTo(_buffer);
        _start += whole;
        _length = rest;
        _unwritten = false;
    }

    private void Attach(ISpoolFile file, long fileBytes, long start)
    {
        if (_buffer.Length == 0)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        }
        _file = file;
        _fileBytes = fileBytes;
        _start = start;
        _length = 0;
        _unwritten = false;
    }
}
