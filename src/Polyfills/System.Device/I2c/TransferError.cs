using System.Runtime.InteropServices;

namespace System.Device.I2c;

/// <summary>What the kernel's errors mean on a bus (Documentation/i2c/fault-codes.rst). The errno is the exception's HResult.</summary>
internal static class TransferError
{
    /// <summary>errno of asm-generic/errno-base.h and errno.h, the same on x86 and ARM.</summary>
    public const int Missing = 2, Interrupted = 4, NoSuchAddress = 6, TryAgain = 11, AccessDenied = 13, Busy = 16, AddressInUse = 98, TimedOut = 110, RemoteError = 121;

    public static IOException NoBus(string path) => new($"There is no {path}. Is the bus enabled, and the module i2c-dev loaded?", Missing);

    public static IOException Denied(string path) => new($"{path} may not be opened by this user. Members of the group i2c may.", AccessDenied);

    /// <summary>I2C_SLAVE says EBUSY for it, as a transfer does for a bus that is busy; it gets an errno of its own, because no transfer was tried.</summary>
    public static IOException InUse(string path, int address) =>
        new($"{path}, address 0x{address:x2}: a driver of the kernel has this address. Read its values there, or unbind it.", AddressInUse);

    /// <summary>An adapter that gave up halfway: it says so itself, with no errno.</summary>
    public static IOException Short(string path, int address, int asked, int given) =>
        new($"{path}, address 0x{address:x2}: {given} bytes came where {asked} were asked for.");

    public static IOException Of(string path, int address, int error)
    {
        string cause = error switch
        {
            NoSuchAddress or RemoteError => "no device answered",
            TryAgain => "another master won the bus each time, or the wires are disturbed",
            Busy => "the bus stayed busy; a device may hold it",
            TimedOut => "the transfer did not end in time; a device may hold the bus",
            _ => Marshal.GetPInvokeErrorMessage(error),
        };
        return new IOException($"{path}, address 0x{address:x2}: {cause} (errno {error}).", error);
    }
}
