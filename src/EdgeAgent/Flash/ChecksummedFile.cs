using System.Buffers.Binary;
using System.Numerics;

namespace EdgeAgent.Flash;

/// <summary>A small file that is read and written whole. Its last four bytes are the CRC32C, little-endian, of all before them.</summary>
internal static class ChecksummedFile
{
    private const int ChecksumBytes = 4;

    /// <summary>A page: what is larger is not one of these.</summary>
    private const int MaximumBytes = 4096;

    /// <returns>False where there is none, or where its checksum is wrong.</returns>
    public static bool TryRead(string path, out byte[] bytes)
    {
        bytes = [];
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= MaximumBytes })
            {
                return false;
            }
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        return bytes.Length >= ChecksumBytes && Checksum(bytes.AsSpan(..^ChecksumBytes)) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^ChecksumBytes..));
    }

    /// <summary>Fills in the checksum and puts the file in the place of the one before: whenever the power fails, one of the two is there.</summary>
    /// <returns>False where the disk does not take it: the one before is as it was.</returns>
    public static bool TryReplace(string path, byte[] bytes)
    {
        Seal(bytes);
        string fresh = path + ".new";
        try
        {
            using (FileStream file = File.Create(fresh))
            {
                file.Write(bytes);
                file.Flush();
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }
            File.Move(fresh, path, overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Fills in the checksum.</summary>
    public static void Seal(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[^ChecksumBytes..], Checksum(bytes[..^ChecksumBytes]));

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }
        return ~state;
    }
}
