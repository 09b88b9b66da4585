using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeAgent.Updates;

/// <summary>What .NET has no method for: who owns a file, and the replacing of a symbolic link in one piece.</summary>
internal static unsafe partial class UnixFiles
{
    private const int FromWorkingFolder = -100; // AT_FDCWD
    private const uint UserAndMode = 0x2 | 0x8;  // STATX_MODE | STATX_UID
    private const int WordsOfStatx = 64;         // struct statx of linux/stat.h takes 256 bytes on every architecture: stx_uid at 20, stx_mode at 28

    /// <summary>Whether nobody but root, and the user who asks, can change what lies there.</summary>
    public static bool IsOnlyOurs(string path)
    {
        uint* status = stackalloc uint[WordsOfStatx];
        if (Status(FromWorkingFolder, path, 0, UserAndMode, status) != 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        var mode = (UnixFileMode)(ushort)status[7];
        return (status[5] == 0 || status[5] == EffectiveUser()) && (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;
    }

    /// <summary>Puts a symbolic link in the place of what has its name. The folder is not synced.</summary>
    public static void ReplaceLink(string path, string target)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, target);
        if (Rename(fresh, path) != 0)
        {
            throw new IOException($"{path} cannot be replaced: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, uint* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
