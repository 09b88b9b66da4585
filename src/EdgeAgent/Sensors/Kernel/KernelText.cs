using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>Names, labels and settings in files of the kernel, which are read when a device is looked for.</summary>
internal static class KernelText
{
    /// <returns>The file's text without the newline at its end; null where there is none to be read.</returns>
    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n', '\0', ' ');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>The paths in a folder of the kernel, in the order of their names; none where there is no such folder.</returns>
    public static IReadOnlyList<string> Entries(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder, pattern).Order(NaturalOrder.Comparer)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <returns>False where there is no such file, or the kernel does not take the text.</returns>
    public static bool TryWrite(string path, string text)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), fileOffset: 0);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
