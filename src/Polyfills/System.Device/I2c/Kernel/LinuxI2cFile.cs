using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.Device.I2c;

/// <summary>The running kernel's own i2c-dev (Documentation/i2c/dev-interface.rst).</summary>
internal sealed partial class LinuxI2cFile(SafeFileHandle file) : ILinuxI2c
{
    /// <exception cref="IOException">There is no such bus, or this process may not use it.</exception>
    public static LinuxI2cFile Open(int busId)
    {
        string path = $"/dev/i2c-{busId}";
        try
        {
            return new LinuxI2cFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        }
        catch (UnauthorizedAccessException)
        {
            throw TransferError.Denied(path);
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TransferError.NoBus(path);
        }
    }

    public int GetFunctions(out I2cFunctions functions)
    {
        // The kernel writes an unsigned long, which is as wide as a pointer.
        int error = ErrorOf(Ioctl(file, I2cRequests.Functions, out nuint mask));
        functions = (I2cFunctions)(uint)mask;
        return error;
    }

    public int SetTimeout(int tensOfMilliseconds) => ErrorOf(Ioctl(file, I2cRequests.Timeout, (nuint)tensOfMilliseconds));

    public int SetAddress(int address) => ErrorOf(Ioctl(file, I2cRequests.Address, (nuint)address));

    public int Transfer(ref I2cTransfer transfer) => ErrorOf(Ioctl(file, I2cRequests.CombinedTransfer, ref transfer));

    public int Transfer(ref SmbusTransfer transfer) => ErrorOf(Ioctl(file, I2cRequests.SmbusTransfer, ref transfer));

    /// <summary>A transfer that is still in the kernel keeps the file open until it comes back: the handle counts its users.</summary>
    public void Dispose() => file.Dispose();

    private static int ErrorOf(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    // The request is an unsigned long of the C library, the argument an unsigned long or a pointer: all as wide as a pointer.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, nuint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, out nuint answer);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, ref I2cTransfer transfer);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, ref SmbusTransfer transfer);
}
