using System.Runtime.InteropServices;

namespace System.Device.I2c;

/// <summary>struct i2c_msg of linux/i2c.h: one part of a transfer in one direction.</summary>
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

/// <summary>struct i2c_rdwr_ioctl_data of linux/i2c-dev.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct I2cTransfer
{
    public I2cMessage* Messages;
    public uint Count;
}

/// <summary>struct i2c_smbus_ioctl_data of linux/i2c-dev.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SmbusTransfer
{
    /// <summary>I2C_SMBUS_WRITE and I2C_SMBUS_READ.</summary>
    public const byte Write = 0, Read = 1;

    public byte Direction;
    public byte Command;
    public SmbusKind Kind;
    public SmbusData* Data;
}

/// <summary>I2C_SMBUS_… of linux/i2c.h: what goes over the wire behind the address.</summary>
internal enum SmbusKind : uint
{
    /// <summary>One byte, in either direction. A written one is the command itself.</summary>
    Byte = 1,

    /// <summary>A command and one byte.</summary>
    ByteData = 2,

    /// <summary>A command and two bytes.</summary>
    WordData = 3,

    /// <summary>A command and 1 to 32 bytes, without a count on the wire.</summary>
    I2cBlock = 8,
}

/// <summary>union i2c_smbus_data of linux/i2c.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = BlockLength)]
internal unsafe struct SmbusData
{
    /// <summary>I2C_SMBUS_BLOCK_MAX, and with it the count in front and a byte that the kernel keeps for old programs.</summary>
    public const int LongestBlock = 32, BlockLength = LongestBlock + 2;

    [FieldOffset(0)]
    public byte Byte;

    /// <summary>The low byte is the one that comes first on the wire.</summary>
    [FieldOffset(0)]
    public ushort Word;

    /// <summary>How many bytes, then the bytes.</summary>
    [FieldOffset(0)]
    public fixed byte Block[BlockLength];
}
