using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>Options under which a spool that nobody has described may be opened without anything in it having to give way.</summary>
public static class FoundOptions
{
    /// <summary>As many segments as a spool can have at all.</summary>
    private const int MostSegments = 1024;
    private const int LeastBytes = 256 * 1024;
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Of the files in a folder.</summary>
    public static SpoolOptions Of(string path) =>
        Of(path, new DirectoryInfo(path).EnumerateFiles().Select(static file => (file.Name, file.Length)));

    internal static SpoolOptions Of(string path, IEnumerable<(string Name, long Bytes)> files)
    {
        long largest = files.Where(static file => SegmentIdentity.TryParse(file.Name, out _)).Select(static file => file.Bytes)
            .DefaultIfEmpty(LeastBytes).Max();
        int segmentBytes = (int)Math.Clamp(largest / 4096 * 4096, LeastBytes, MostBytes);
        return new SpoolOptions
        {
            Path = path,
            SegmentBytes = segmentBytes,
            MaximumBytes = (long)MostSegments * segmentBytes,
            FreeSpaceFloor = 0,
        };
    }
}
