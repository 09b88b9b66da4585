using System.Runtime.InteropServices;

namespace EdgeAgent.Doctor.Surroundings;

/// <summary>
/// Whose a file or device is, which .NET does not tell: statx(2), whose structure is the same on every architecture.
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

    private const UnixFileMode OwnerMay = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode OthersMay = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <returns>Null where there is nothing, or it cannot be looked at.</returns>
    public static FileNode? TryRead(string path)
    {
        Span<byte> buffer = stackalloc byte[Room];
        buffer.Clear();
        try
        {
            return Stat(CurrentFolder, path, 0, BasicStats, ref buffer[0]) == 0 ? Read(buffer) : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }
    }

    /// <param name="statx">As the kernel has filled it in.</param>
    public static FileNode Read(ReadOnlySpan<byte> statx) => new(
        Number(statx, 20), Number(statx, 24), (UnixFileMode)(MemoryMarshal.Read<ushort>(statx[28..]) & Permissions), MemoryMarshal.Read<ulong>(statx[32..]),
        Number(statx, 136), Number(statx, 140));

    /// <summary>Whether an account may read and write it, by its owner, group and mode.</summary>
    public bool IsUsableBy(Account account) =>
        account.User == 0
        || Allows(account.User == User ? OwnerMay : account.Groups.Contains(Group) ? GroupMay : OthersMay);

    private bool Allows(UnixFileMode wanted) => (Mode & wanted) == wanted;

    private static uint Number(ReadOnlySpan<byte> statx, int at) => MemoryMarshal.Read<uint>(statx[at..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte buffer);
}
