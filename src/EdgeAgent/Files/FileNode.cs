using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace EdgeAgent.Files;

/// <summary>
/// Whose a file, folder or device is, which .NET does not tell: statx(2), whose structure is the same on every architecture. Links are followed. Both programs have
/// this file.
/// <code>
/// struct statx := mask u32, blksize u32, attributes u64, nlink u32, uid u32 (20), gid u32 (24), mode u16 (28), pad u16, ino u64 (32), …,
///                 dev_major u32 (136), dev_minor u32 (140), …                                                           256 bytes in all
/// </code>
/// </summary>
internal readonly partial record struct FileNode(uint User, uint Group, UnixFileMode Mode, ulong Inode, uint DeviceMajor, uint DeviceMinor)
{
    private const int Room = 256;
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    private const int Permissions = 0xfff; // without the file's type
    private const int NoEntry = 2; // ENOENT

    /// <returns>Null where there is nothing.</returns>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileNode? Find(string path) => TryLook(path, out FileNode? node, out string? obstacle) ? node : throw new IOException($"{path} cannot be looked at: {obstacle}");

    /// <returns>Null where there is nothing, or it cannot be looked at.</returns>
    public static FileNode? TryRead(string path) => TryLook(path, out FileNode? node, out _) ? node : null;

    /// <param name="statx">As the kernel has filled it in.</param>
    public static FileNode Read(ReadOnlySpan<byte> statx) => new(
        Number(statx, 20), Number(statx, 24), (UnixFileMode)(MemoryMarshal.Read<ushort>(statx[28..]) & Permissions), MemoryMarshal.Read<ulong>(statx[32..]),
        Number(statx, 136), Number(statx, 140));

    private static bool TryLook(string path, out FileNode? node, [NotNullWhen(false)] out string? obstacle)
    {
        (node, obstacle) = (null, null);
        Span<byte> buffer = stackalloc byte[Room];
        buffer.Clear();
        try
        {
            if (Stat(CurrentFolder, path, 0, BasicStats, ref buffer[0]) == 0)
            {
                node = Read(buffer);
            }
            else if (Marshal.GetLastPInvokeError() is var error && error != NoEntry)
            {
                obstacle = new Win32Exception(error).Message;
            }
        }
        catch (EntryPointNotFoundException)
        {
            obstacle = "The C library is from before 2018, and has no statx.";
        }
        return obstacle is null;
    }

    private static uint Number(ReadOnlySpan<byte> statx, int at) => MemoryMarshal.Read<uint>(statx[at..]);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte buffer);
}
