using SpoolFile = EdgeAgent.Spooling.Inspection.DurableFile;

namespace EdgeAgent.Files;

/// <summary>A small file that is replaced in one piece: whenever the power fails, the one before or the new one is there, whole.</summary>
internal static class DurableFile
{
    /// <summary>Returns when the new content would survive a power cut. The folder has to be there.</summary>
    /// <exception cref="IOException">The disk does not take it: the one before is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new SpoolFile(path, mode);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>The same for content that comes in pieces, and may turn out to be no good: then nothing is left of it.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="mode">Exactly this, whatever the process creates files with.</param>
    /// <param name="write">Returns what is wrong with it; null where nothing is.</param>
    public static T? Write<T>(string path, UnixFileMode mode, Func<Stream, T?> write)
        where T : class
    {
        using var file = new SpoolFile(path, mode);
        T? wrong = write(file.Stream);
        if (wrong is null)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(((FileStream)file.Stream).SafeFileHandle, mode);
            }
            file.Commit();
        }
        return wrong;
    }

    /// <summary>Makes a folder and those above it that are missing. Returns when their names would survive a power cut.</summary>
    public static void CreateFolder(string path) => SpoolFile.CreateFolder(path);

    /// <summary>Takes a file away, where it is there. Returns when a power cut would not bring it back.</summary>
    public static void Delete(string path) => SpoolFile.Delete(path);

    /// <summary>Returns when the names in a folder would survive a power cut.</summary>
    public static void SyncFolder(string path) => SpoolFile.SyncFolder(path);
}
