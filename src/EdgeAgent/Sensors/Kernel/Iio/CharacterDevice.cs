using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// open(2) and read(2) without waiting: .NET opens files only to wait, and makes an exception of "nothing there yet", which is what half
/// the reads of a buffer find.
/// </summary>
internal static partial class CharacterDevice
{
    private const int ReadOnlyNonBlocking = 0x80000 | 0x800; // O_CLOEXEC | O_NONBLOCK of asm-generic/fcntl.h, which ARM and x86 share
    private const int TryAgain = 11; // EAGAIN
    private const int Interrupted = 4; // EINTR

    /// <returns>Null where it cannot be opened.</returns>
    public static SafeFileHandle? TryOpen(string path)
    {
        int descriptor;
        do
        {
            descriptor = Open(path, ReadOnlyNonBlocking);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <param name="device">From <see cref="TryOpen"/>.</param>
    /// <param name="buffer">Takes what there is.</param>
    /// <param name="length">How many bytes that was; 0 where there is nothing yet.</param>
    /// <returns>False where the device is gone.</returns>
    public static bool TryRead(SafeFileHandle device, Span<byte> buffer, out int length)
    {
        length = (int)Read(device, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        if (length >= 0)
        {
            return true;
        }
        length = 0;
        return Marshal.GetLastPInvokeError() is TryAgain or Interrupted;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, ref byte buffer, nint count);
}
