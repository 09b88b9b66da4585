using System.ComponentModel;
using System.Runtime.InteropServices;
using EdgeAgent.Files;

namespace EdgeAgent.Commands;

/// <summary>
/// Root gives up being root. A command that writes where a service keeps its state leaves files of whoever ran it, and what root has left there the service could neither
/// read nor replace. So such a command, started by root, becomes the owner of that folder before it touches it, with the owner's groups, and for good.
/// Both programs have this file.
/// </summary>
internal static unsafe partial class StepDown
{
    private const int LongestEntry = 64 * 1024;

    /// <summary>Becomes the owner of a folder, where the process is root's and the folder is not. Elsewhere than on Linux, and for anybody else than root, it does nothing.</summary>
    /// <param name="folder">The folder. One that is not there yet will be its parent's owner's: that counts then.</param>
    /// <exception cref="IOException">The kernel refused, or the folder cannot be looked at. Nothing may be touched.</exception>
    public static void ToOwnerOf(string folder)
    {
        if (!OperatingSystem.IsLinux() || EffectiveUser() != 0)
        {
            return;
        }
        (uint user, uint group) = OwnerOf(Path.GetFullPath(folder));
        if (user == 0)
        {
            return;
        }
        // Groups first: who is no longer root can change none of them. Of a user that nobody has a name for only the folder's group is known.
        if (!TryJoinGroups(user, group))
        {
            Check(SetGroups(1, &group), "setgroups");
        }
        Check(SetGroup(group), "setgid");
        Check(SetUser(user), "setuid");
    }

    private static (uint User, uint Group) OwnerOf(string folder)
    {
        for (string? path = folder; path is not null; path = Path.GetDirectoryName(path))
        {
            if (FileNode.Find(path) is { } node)
            {
                return (node.User, node.Group);
            }
        }
        return (0, 0);
    }

    private static bool TryJoinGroups(uint user, uint group)
    {
        byte[] text = new byte[LongestEntry];
        fixed (byte* buffer = text)
        {
            PasswordEntry entry;
            PasswordEntry* found;
            if (ReadPasswordEntry(user, &entry, buffer, LongestEntry, &found) != 0 || found is null)
            {
                return false;
            }
            Check(InitializeGroups(found->Name, group), "initgroups");
            return true;
        }
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new IOException($"{call} failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>struct passwd, of which only the first field is read; in glibc and musl alike it is five pointers and two numbers.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PasswordEntry
    {
        public byte* Name;
        public byte* Password;
        public uint User;
        public uint Group;
        public byte* Description;
        public byte* Home;
        public byte* Shell;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int ReadPasswordEntry(uint user, PasswordEntry* entry, byte* buffer, nuint length, PasswordEntry** found);

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true)]
    private static partial int InitializeGroups(byte* name, uint group);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);
}
