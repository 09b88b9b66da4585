using System.Runtime.InteropServices;

namespace EdgeAgent.Doctor.Drills;

/// <summary>A file system in memory over a folder, so that a disk can be full without filling the device's: mount(2), umount2(2). Only root may.</summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const int Detach = 2; // MNT_DETACH

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Join(_folder, "filler");

    /// <returns>Null where this user may not, or the kernel does not.</returns>
    public static SmallDisk? TryMount(string folder, long bytes) =>
        OperatingSystem.IsLinux() && Mount("drill", folder, "tmpfs", 0, $"size={bytes},mode=0700") == 0 ? new SmallDisk(folder) : null;

    /// <summary>Somebody else's bytes.</summary>
    public void Fill(long bytes)
    {
        using FileStream file = File.Create(Filler);
        byte[] block = new byte[64 << 10];
        for (long written = 0; written < bytes; written += block.Length)
        {
            file.Write(block);
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose() => Unmount(_folder, Detach);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
