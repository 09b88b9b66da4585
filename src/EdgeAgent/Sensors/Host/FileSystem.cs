using System.Runtime.InteropServices;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// What statvfs(3) says of the file system that a folder is on. .NET knows its bytes and not its inodes, without which a disk is as full as
/// without bytes.
/// <code>
/// struct statvfs := bsize long, frsize long, blocks u64, bfree u64, bavail u64, files u64, ffree u64, favail u64, …     of statvfs64: 64 bits everywhere
/// </code>
/// </summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Available">What programs without privileges may still write.</param>
/// <param name="Used">What is written. It and <paramref name="Available"/> are less than the whole: some is kept for root.</param>
/// <param name="Inodes">0 for a file system that has no fixed number of them.</param>
/// <param name="FreeInodes">Of these.</param>
internal readonly partial record struct FileSystem(ulong Bytes, ulong Available, ulong Used, ulong Inodes, ulong FreeInodes)
{
    private const int Room = 256; // glibc takes 112 bytes with 64 bits, 96 with 32

    /// <returns>Null where the folder cannot be looked at.</returns>
    public static FileSystem? TryRead(string folder)
    {
        Span<byte> buffer = stackalloc byte[Room];
        buffer.Clear();
        return Stat(folder, ref buffer[0]) == 0 ? Read(buffer, IntPtr.Size) : null;
    }

    /// <param name="statvfs">As the kernel has filled it in.</param>
    /// <param name="sizeOfLong">4 or 8.</param>
    public static FileSystem Read(ReadOnlySpan<byte> statvfs, int sizeOfLong)
    {
        ulong fragment = sizeOfLong == sizeof(int) ? MemoryMarshal.Read<uint>(statvfs[sizeOfLong..]) : MemoryMarshal.Read<ulong>(statvfs[sizeOfLong..]);
        ReadOnlySpan<ulong> counts = MemoryMarshal.Cast<byte, ulong>(statvfs[(2 * sizeOfLong)..]);
        (ulong blocks, ulong free, ulong available) = (counts[0], counts[1], counts[2]);
        return new FileSystem(blocks * fragment, available * fragment, (blocks - free) * fragment, counts[3], counts[4]);
    }

    [LibraryImport("libc", EntryPoint = "statvfs64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref byte buffer);
}
