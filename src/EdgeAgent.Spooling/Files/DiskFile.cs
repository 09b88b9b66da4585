using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Spooling.Files;

internal sealed class DiskFile(string path, FileMode mode) : ISpoolFile
{
    private readonly SafeFileHandle _handle = OpenHandle(path, mode);

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }
            total += read;
        }
        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException full) when (DiskFaults.IsFull(full))
        {
            throw new DiskFullException(full);
        }
    }

    /// <exception cref="FileNotFoundException">Somebody has deleted it: what it holds is durable, and ends with the process.</exception>
    public void Sync()
    {
        Durability.SyncContents(_handle);
        if (Durability.IsDeleted(_handle))
        {
            throw new FileNotFoundException($"A file that is in use was deleted by somebody else. It was created as {path}.");
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>A disk without room for a name, or without an inode, is full as well.</summary>
    private static SafeFileHandle OpenHandle(string path, FileMode mode)
    {
        try
        {
            return File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException full) when (DiskFaults.IsFull(full))
        {
            throw new DiskFullException(full);
        }
    }
}
