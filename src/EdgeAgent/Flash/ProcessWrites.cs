using System.Globalization;

namespace EdgeAgent.Flash;

/// <summary>
/// Bytes that this process has caused to be sent to storage, as the kernel counts them: /proc/self/io, line <c>write_bytes</c> (proc(5)). Whole
/// pages, and all files of the process.
/// </summary>
internal static class ProcessWrites
{
    private const string Key = "write_bytes: ";

    /// <returns>Null where the kernel does not count.</returns>
    public static long? TryRead()
    {
        try
        {
            return TryParse(File.ReadAllText("/proc/self/io"));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static long? TryParse(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(Key, StringComparison.Ordinal)
                && long.TryParse(line[Key.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            {
                return bytes;
            }
        }
        return null;
    }
}
