using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.Device.I2c;

/// <summary>The one system call of a combined transfer, with the structures of linux/i2c-dev.h and linux/i2c.h.</summary>
internal static partial class LinuxI2c
{
    /// <summary>I2C_RDWR of linux/i2c-dev.h.</summary>
    public const nuint CombinedTransfer = 0x0707;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(SafeFileHandle file, nuint request, ref I2cTransfer transfer);
}

/// <summary>struct i2c_msg: one part of a transfer in one direction.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct I2cMessage
{
    /// <summary>I2C_M_RD: from the device to the master.</summary>
    public const ushort ReadFlag = 1;

    public ushort Address;
    public ushort Flags;
    public ushort Length;
    public byte* Bytes;
}

/// <summary>struct i2c_rdwr_ioctl_data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct I2cTransfer
{
    public I2cMessage* Messages;
    public uint Count;
}
