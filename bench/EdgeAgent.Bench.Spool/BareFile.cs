using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Bench.Spool;

/// <summary>A file that is written and synced and nothing else: what the spool is measured against. It is filled with zeros first, as the spool's are.</summary>
internal sealed partial class BareFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _bytes;
    private long _offset;

    public BareFile(string path, long bytes)
    {
        _bytes = bytes;
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        byte[] zeros = new byte[1 << 20];
        for (long at = 0; at < bytes; at += zeros.Length)
        {
            RandomAccess.Write(_file, zeros, at);
        }
        Sync();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_offset + bytes.Length > _bytes)
        {
            _offset = 0;
        }
        RandomAccess.Write(_file, bytes, _offset);
        _offset += bytes.Length;
    }

    public void Sync()
    {
        if (DataSync(_file) != 0)
        {
            throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);
}
