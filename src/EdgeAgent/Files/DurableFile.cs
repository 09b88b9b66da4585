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

    /// <summary>Makes a folder and those above it that are missing. Returns when their names would survive a power cut.</summary>
    public static void CreateFolder(string path) => SpoolFile.CreateFolder(path);
}
