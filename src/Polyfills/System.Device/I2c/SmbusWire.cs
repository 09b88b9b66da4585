namespace System.Device.I2c;

/// <summary>
/// Reads and writes on an adapter that knows the transfers of SMBus and no others. Each is done by the one transfer that puts exactly
/// these bits on the wire; what no such transfer exists for is not done at all, because a chip would understand something else.
/// <code>
/// written  read      transfer of SMBus              bytes on the wire (S start, Sr repeated start, P stop)
/// 1        0         send byte                      S addr w0 P
/// 2        0         write byte data                S addr w0 w1 P
/// 3        0         write word data                S addr w0 w1 w2 P
/// 2 to 33  0         write I2C block                S addr w0 w1 … P
/// 0        1         receive byte                   S addr r0 P
/// 1        1         read byte data                 S addr w0 Sr addr r0 P
/// 1        2         read word data                 S addr w0 Sr addr r0 r1 P
/// 1        1 to 32   read I2C block                 S addr w0 Sr addr r0 r1 … P
/// </code>
/// </summary>
internal sealed class SmbusWire(ILinuxI2c kernel, I2cFunctions functions, string path)
{
    /// <summary>Whom the kernel was told last; no address is 0.</summary>
    private int _address;

    /// <returns>0, or the errno of the transfer.</returns>
    /// <exception cref="NotSupportedException">The adapter has no function for it.</exception>
    /// <exception cref="IOException">The address belongs to a driver of the kernel, or fewer bytes came than were asked for.</exception>
    public unsafe int Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        SmbusKind kind = Choose(write.Length, read.Length) ?? throw Unsupported(address, write.Length, read.Length);
        if (SetAddress(address) is not 0 and int failure)
        {
            return failure;
        }
        var data = default(SmbusData);
        var transfer = new SmbusTransfer
        {
            Direction = read.IsEmpty ? SmbusTransfer.Write : SmbusTransfer.Read,
            Command = write.IsEmpty ? (byte)0 : write[0],
            Kind = kind,
            Data = &data,
        };
        if (read.IsEmpty)
        {
            Fill(ref data, kind, write[1..]);
        }
        else if (kind == SmbusKind.I2cBlock)
        {
            data.Block[0] = (byte)read.Length;
        }
        int error = kernel.Transfer(ref transfer);
        if (error == 0 && !read.IsEmpty)
        {
            Take(data, kind, read, address);
        }
        return error;
    }

    private SmbusKind? Choose(int written, int read) => (written, read) switch
    {
        (1, 0) when Has(I2cFunctions.WriteByte) => SmbusKind.Byte,
        (2, 0) when Has(I2cFunctions.WriteByteData) => SmbusKind.ByteData,
        (3, 0) when Has(I2cFunctions.WriteWordData) => SmbusKind.WordData,
        ( >= 2 and <= SmbusData.LongestBlock + 1, 0) when Has(I2cFunctions.WriteI2cBlock) => SmbusKind.I2cBlock,
        (0, 1) when Has(I2cFunctions.ReadByte) => SmbusKind.Byte,
        (1, 1) when Has(I2cFunctions.ReadByteData) => SmbusKind.ByteData,
        (1, 2) when Has(I2cFunctions.ReadWordData) => SmbusKind.WordData,
        (1, >= 1 and <= SmbusData.LongestBlock) when Has(I2cFunctions.ReadI2cBlock) => SmbusKind.I2cBlock,
        _ => null,
    };

    private NotSupportedException Unsupported(int address, int written, int read)
    {
        string needed = (written, read) switch
        {
            (1, 0) => "I2C_FUNC_SMBUS_WRITE_BYTE",
            (2, 0) => "I2C_FUNC_SMBUS_WRITE_BYTE_DATA or I2C_FUNC_SMBUS_WRITE_I2C_BLOCK",
            (3, 0) => "I2C_FUNC_SMBUS_WRITE_WORD_DATA or I2C_FUNC_SMBUS_WRITE_I2C_BLOCK",
            ( >= 4 and <= SmbusData.LongestBlock + 1, 0) => "I2C_FUNC_SMBUS_WRITE_I2C_BLOCK",
            (0, 1) => "I2C_FUNC_SMBUS_READ_BYTE",
            (1, 1) => "I2C_FUNC_SMBUS_READ_BYTE_DATA or I2C_FUNC_SMBUS_READ_I2C_BLOCK",
            (1, 2) => "I2C_FUNC_SMBUS_READ_WORD_DATA or I2C_FUNC_SMBUS_READ_I2C_BLOCK",
            (1, >= 3 and <= SmbusData.LongestBlock) => "I2C_FUNC_SMBUS_READ_I2C_BLOCK",
            _ => "I2C_FUNC_I2C",
        };
        return new NotSupportedException(
            $"{path}, address 0x{address:x2}: writing {written} and reading {read} bytes in one transfer needs {needed}, which this adapter lacks. Use another adapter for this chip.");
    }

    private int SetAddress(int address)
    {
        if (_address == address)
        {
            return 0;
        }
        int error = kernel.SetAddress(address);
        if (error == TransferError.Busy)
        {
            throw TransferError.InUse(path, address);
        }
        _address = error == 0 ? address : 0;
        return error;
    }

    private static unsafe void Fill(ref SmbusData data, SmbusKind kind, ReadOnlySpan<byte> bytes)
    {
        switch (kind)
        {
            case SmbusKind.ByteData:
                data.Byte = bytes[0];
                break;
            case SmbusKind.WordData:
                data.Word = (ushort)(bytes[0] | (bytes[1] << 8));
                break;
            case SmbusKind.I2cBlock:
                data.Block[0] = (byte)bytes.Length;
                for (int i = 0; i < bytes.Length; i++)
                {
                    data.Block[i + 1] = bytes[i];
                }
                break;
            default:
                // A single byte travels as the command.
                break;
        }
    }

    private unsafe void Take(SmbusData data, SmbusKind kind, Span<byte> bytes, int address)
    {
        switch (kind)
        {
            case SmbusKind.WordData:
                bytes[0] = (byte)data.Word;
                bytes[1] = (byte)(data.Word >> 8);
                break;
            case SmbusKind.I2cBlock when data.Block[0] != bytes.Length:
                throw TransferError.Short(path, address, bytes.Length, data.Block[0]);
            case SmbusKind.I2cBlock:
                new ReadOnlySpan<byte>(data.Block + 1, bytes.Length).CopyTo(bytes);
                break;
            default:
                bytes[0] = data.Byte;
                break;
        }
    }

    private bool Has(I2cFunctions function) => (functions & function) != 0;
}
