namespace System.Device.I2c;

/// <summary>Reads and writes by I2C_RDWR: any bytes, with a repeated start between the two directions.</summary>
internal static class CombinedWire
{
    /// <returns>0, or the errno of the transfer.</returns>
    public static unsafe int Transfer(ILinuxI2c kernel, int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        fixed (byte* writeBytes = write, readBytes = read)
        {
            I2cMessage* messages = stackalloc I2cMessage[2];
            uint count = 0;
            if (!write.IsEmpty)
            {
                messages[count++] = new I2cMessage { Address = (ushort)address, Length = checked((ushort)write.Length), Bytes = writeBytes };
            }
            if (!read.IsEmpty)
            {
                messages[count++] = new I2cMessage
                {
                    Address = (ushort)address,
                    Flags = I2cMessage.ReadFlag,
                    Length = checked((ushort)read.Length),
                    Bytes = readBytes,
                };
            }
            var transfer = new I2cTransfer { Messages = messages, Count = count };
            return kernel.Transfer(ref transfer);
        }
    }
}
