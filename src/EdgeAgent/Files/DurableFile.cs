using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeAgent.Files;

/// <summary>Small files that are there whole, as they were or as they are to be, whenever the power fails.</summary>
internal static partial class DurableFile
{
    private const int Interrupted = 4;
    private const int ReadOnlyDirectory = 0x80000; // O_RDONLY | O_CLOEXEC; O_DIRECTORY differs between architectures and is not needed.

    /// <summary>Written beside, synced, renamed, and the folder synced: when this returns, the file is what a power cut leaves.</summary>
    /// <param name="path">Its folder has to be there.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Who may read it, from its first byte on.</param>
    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written; the file is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string fresh = path + ".new";
        // What a process left that was killed here may have another mode.
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }
        using (var file = new FileStream(fresh, options))
        {
            file.Write(content);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        File.Move(fresh, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes names durable: what was created, renamed or deleted in the folder. Not on other systems than Linux.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        int descriptor = Open(folder, ReadOnlyDirectory);
        if (descriptor < 0)
        {
            throw Failure("open", folder);
        }
        try
        {
            while (Sync(descriptor) != 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw Failure("fsync", folder);
                }
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string call, string folder)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{call} of {folder} failed: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
