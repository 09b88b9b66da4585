using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>Files that must not be read by others, nor be half there after a power cut.</summary>
internal static partial class SafeFiles
{
    private const int ReadOnly = 0;

    /// <summary>Writes a text and a line's end, and returns when both are on the disk. Never overwrites.</summary>
    /// <exception cref="IOException">It is there already, or cannot be written.</exception>
    public static void WriteNew(string path, string text, UnixFileMode mode)
    {
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = mode;
        }
        using var file = new FileStream(path, create);
        using (var writer = new StreamWriter(file, leaveOpen: true))
        {
            writer.WriteLine(text);
        }
        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }

    /// <summary>Names in a folder are on the disk when this returns.</summary>
    /// <exception cref="IOException">The folder cannot be opened or synced.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // NTFS logs names by itself.
            return;
        }
        int descriptor = OpenFile(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"{path} cannot be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        try
        {
            if (Synchronize(descriptor) != 0)
            {
                throw new IOException($"{path} cannot be synced: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }
        finally
        {
            _ = CloseFile(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFile(int descriptor);
}
