using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Spooling.Files;

/// <summary>
/// The system calls that .NET has no method for. RandomAccess.FlushToDisk is fsync, which also writes the file's changed time
/// stamps and so costs a journal commit each time; in a preallocated file fdatasync writes the data alone. And a folder cannot be
/// opened as a file at all; nor does it say whether an open file still has a name, or a disk that takes it. Elsewhere than on Linux
/// contents are flushed by FlushToDisk, and folders not at all.
/// </summary>
internal static partial class Durability
{
    private const int Interrupted = 4;    // EINTR
    private const int MayWrite = 2;       // W_OK
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: of the descriptor itself
    private const uint LinkCount = 4;     // STATX_NLINK
    private const int ProcessPathBytes = 32; // "/proc/self/fd/" and ten digits at most
    private const int ReadOnlyDirectory = 0x80000; // O_RDONLY | O_CLOEXEC; O_DIRECTORY differs between architectures and is not needed.

    /// <exception cref="IOException">The disk did not take it, or nobody knows whether it did.</exception>
    public static void SyncContents(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }
        while (DataSync(handle) != 0)
        {
            ThrowUnlessInterrupted("fdatasync");
        }
        ThrowIfReadOnly(handle);
    }

    /// <summary>Whether the file has no name any more: it can be written and synced for ever, and nobody will find it again.</summary>
    public static unsafe bool IsDeleted(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }
        // struct statx of linux/stat.h, which is the same on every architecture: stx_mask at 0, stx_nlink at 16.
        uint* status = stackalloc uint[64];
        byte noPath = 0;
        bool isKnown = Status(handle, &noPath, EmptyPath, LinkCount, status) == 0 && (status[0] & LinkCount) != 0;
        return isKnown && status[4] == 0;
    }

    public static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        int descriptor;
        while ((descriptor = OpenDirectory(path, ReadOnlyDirectory)) < 0)
        {
            ThrowUnlessInterrupted("open");
        }
        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        while (FullSync(directory) != 0)
        {
            ThrowUnlessInterrupted("fsync");
        }
        ThrowIfReadOnly(directory);
    }

    /// <summary>
    /// A file system that was remounted read-only in an emergency still takes writes to files that are open, in memory; and to sync them says that it is done, and does
    /// nothing (ext4_sync_file and f2fs_do_sync_file of Linux). So what was said is believed only where it can still be written.
    /// </summary>
    private static void ThrowIfReadOnly(SafeFileHandle handle)
    {
        Span<byte> path = stackalloc byte[ProcessPathBytes];
        Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}\0", out _);
        // Whatever else is in the way (no /proc, no right) says nothing about the disk.
        if (Access(ref path[0], MayWrite) != 0 && Marshal.GetLastPInvokeError() == DiskFaults.ReadOnlyFileSystem)
        {
            throw new IOException("The file system has become read-only: what was written is in memory alone.", DiskFaults.ReadOnlyFileSystem);
        }
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw new IOException($"{call} failed: {new Win32Exception(error).Message}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true)]
    private static partial int Access(ref byte path, int mode);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static unsafe partial int Status(SafeFileHandle file, byte* path, int flags, uint mask, uint* status);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FullSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDirectory(string path, int flags);
}
