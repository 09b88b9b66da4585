using EdgeAgent.Protocol.V1;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>
/// A small file of sysfs or procfs that is read again and again: kept open, as the kernel makes its contents anew for each read at offset 0
/// (Documentation/filesystems/sysfs.rst). After a failure it is opened anew: the handle of a device that went and came back fails for ever.
/// </summary>
internal sealed class KernelFile(string path) : IDisposable
{
    private SafeFileHandle? _handle;

    public string Path => path;

    /// <summary>
    /// What the file says now, in one read: a second one could be of another value. May block for as long as the driver behind it takes.
    /// </summary>
    /// <param name="buffer">Takes the contents; what is behind its end is left out.</param>
    /// <param name="length">How many bytes of the buffer were filled; 0 where the file could not be read.</param>
    /// <returns><see cref="Quality.Good"/>, or why there is nothing.</returns>
    public Quality Read(Span<byte> buffer, out int length)
    {
        try
        {
            _handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            length = RandomAccess.Read(_handle, buffer, fileOffset: 0);
            return Quality.Good;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Dispose();
            length = 0;
            return ReadFailure.QualityOf(failure);
        }
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }
}
