using EdgeAgent.Spooling.Files;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>
/// A file of somebody else's: what is "written" is kept in memory or forgotten. A page that the disk does not give back comes as zeros,
/// so that it makes no record and the rest can be read.
/// </summary>
/// <param name="handle">Open for reading; null for a file that exists in memory only.</param>
/// <param name="keepsWrites">Of small files; whoever reads them again must find what was written.</param>
internal sealed class SnapshotFile(SafeFileHandle? handle, bool keepsWrites) : ISpoolFile
{
    private readonly DiskContents? _disk = handle is null ? null : new DiskContents(handle);
    private byte[]? _kept;

    public long Length => _kept?.Length ?? _disk?.Length ?? 0;

    public int Read(Span<byte> buffer, long offset)
    {
        if (_kept is null)
        {
            return _disk?.ReadAround(buffer, offset) ?? 0;
        }
        ReadOnlySpan<byte> rest = _kept.AsSpan((int)Math.Min(offset, _kept.Length));
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        return rest.Length;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (!keepsWrites)
        {
            return;
        }
        if (_kept is null)
        {
            _kept = new byte[Length];
            _disk?.ReadAround(_kept, 0);
        }
        if (_kept.Length < offset + bytes.Length)
        {
            Array.Resize(ref _kept, (int)offset + bytes.Length);
        }
        bytes.CopyTo(_kept.AsSpan((int)offset));
    }

    public void Sync()
    {
    }

    /// <summary>Returns when what was read from the disk would survive a power cut, as far as anybody but the owner can see to it.</summary>
    public void SyncDisk()
    {
        try
        {
            if (handle is not null)
            {
                Durability.SyncContents(handle);
            }
        }
        catch (IOException)
        {
            // A disk that cannot be written loses nothing that it has given back, and one that fails is the owner's to notice.
        }
    }

    public void Dispose() => handle?.Dispose();

    private sealed class DiskContents(SafeFileHandle handle) : ISpoolFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long offset)
        {
            int total = 0;
            int read;
            while (total < buffer.Length && (read = RandomAccess.Read(handle, buffer[total..], offset + total)) > 0)
            {
                total += read;
            }
            return total;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => throw new NotSupportedException("It is somebody else's.");

        public void Sync()
        {
        }

        public void Dispose() => handle.Dispose();
    }
}
