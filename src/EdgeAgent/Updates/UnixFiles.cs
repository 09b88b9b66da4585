using System.ComponentModel;
using System.Runtime.InteropServices;
using EdgeAgent.Files;

namespace EdgeAgent.Updates;

/// <summary>What .NET has no method for: who owns a file, and the replacing of a symbolic link in one piece.</summary>
internal static partial class UnixFiles
{
    /// <summary>Whether nobody but root, and the user who asks, can change what lies there.</summary>
    /// <exception cref="IOException">It is not there, or cannot be looked at.</exception>
    public static bool IsOnlyOurs(string path)
    {
        FileNode node = FileNode.Find(path) ?? throw new FileNotFoundException($"{path} is not there.");
        return (node.User == 0 || node.User == EffectiveUser()) && (node.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;
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

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
