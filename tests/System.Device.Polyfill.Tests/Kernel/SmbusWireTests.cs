using System.Device.I2c;

namespace System.Device.Polyfill.Tests.Kernel;

/// <summary>An adapter that knows the transfers of SMBus only, as i2c-stub, PMBus bridges and some boards do.</summary>
public sealed class SmbusWireTests
{
    private const I2cFunctions Bytes = I2cFunctions.ReadByte | I2cFunctions.WriteByte | I2cFunctions.ReadByteData | I2cFunctions.WriteByteData;
    private const I2cFunctions Words = I2cFunctions.ReadWordData | I2cFunctions.WriteWordData;
    private const I2cFunctions Blocks = I2cFunctions.ReadI2cBlock | I2cFunctions.WriteI2cBlock;

    [Theory]
    [InlineData(1, "write Byte 10")]
    [InlineData(2, "write ByteData 10")]
    [InlineData(3, "write WordData 10")]
    [InlineData(4, "write I2cBlock 10")]
    [InlineData(33, "write I2cBlock 10")]
    public void A_write_is_the_one_transfer_that_puts_these_bytes_on_the_wire(int length, string call)
    {
        var kernel = new FakeKernel(Bytes | Words | Blocks);
        byte[] bytes = [0x10, .. Enumerable.Range(1, length - 1).Select(i => (byte)(0xA0 + i))];

        Device(kernel).Write(bytes);

        Assert.Equal(["timeout 50", "address 48", call], kernel.Calls);
        Assert.Equal(bytes[1..], kernel.Registers[0x10..(0x10 + length - 1)]);
    }

    [Theory]
    [InlineData(1, "read ByteData 10")]
    [InlineData(2, "read WordData 10")]
    [InlineData(3, "read I2cBlock 10")]
    [InlineData(32, "read I2cBlock 10")]
    public void A_read_of_a_register_is_the_one_transfer_that_gives_these_bytes(int length, string call)
    {
        var kernel = new FakeKernel(Bytes | Words | Blocks);
        byte[] stored = [.. Enumerable.Range(1, length).Select(i => (byte)(0xC0 + i))];
        stored.CopyTo(kernel.Registers, 0x10);
        byte[] read = new byte[length];

        Device(kernel).WriteRead([0x10], read);

        Assert.Equal(stored, read);
        Assert.Equal(["timeout 50", "address 48", call], kernel.Calls);
    }

    [Fact]
    public void A_byte_without_a_register_is_received_from_where_the_chip_stands()
    {
        var kernel = new FakeKernel(Bytes);
        kernel.Registers[0x21] = 0x77;
        I2cDevice device = Device(kernel);

        device.WriteByte(0x21);

        Assert.Equal(0x77, device.ReadByte());
        Assert.Equal(["timeout 50", "address 48", "write Byte 21", "read Byte 00"], kernel.Calls);
    }

    [Fact]
    public void Where_bytes_and_words_are_missing_a_block_of_one_or_two_does_the_same()
    {
        var kernel = new FakeKernel(Blocks);
        I2cDevice device = Device(kernel);
        byte[] one = new byte[1], two = new byte[2];

        device.Write([0x10, 0xAA]);
        device.Write([0x11, 0xBB, 0xCC]);
        device.WriteRead([0x10], one);
        device.WriteRead([0x11], two);

        Assert.Equal([0xAA, 0xBB, 0xCC], one.Concat(two));
        Assert.Equal(["write I2cBlock 10", "write I2cBlock 11", "read I2cBlock 10", "read I2cBlock 11"], kernel.Calls[2..]);
    }

    [Theory]
    [InlineData(1, 0, I2cFunctions.ReadByte, "I2C_FUNC_SMBUS_WRITE_BYTE,")]
    [InlineData(3, 0, Bytes, "I2C_FUNC_SMBUS_WRITE_WORD_DATA or I2C_FUNC_SMBUS_WRITE_I2C_BLOCK")]
    [InlineData(5, 0, Bytes | Words, "I2C_FUNC_SMBUS_WRITE_I2C_BLOCK")]
    [InlineData(34, 0, Bytes | Words | Blocks, "I2C_FUNC_I2C")]
    [InlineData(0, 1, I2cFunctions.WriteByte, "I2C_FUNC_SMBUS_READ_BYTE,")]
    [InlineData(0, 6, Bytes | Words | Blocks, "I2C_FUNC_I2C")]
    [InlineData(1, 2, Bytes, "I2C_FUNC_SMBUS_READ_WORD_DATA or I2C_FUNC_SMBUS_READ_I2C_BLOCK")]
    [InlineData(1, 6, Bytes | Words, "I2C_FUNC_SMBUS_READ_I2C_BLOCK")]
    [InlineData(1, 33, Bytes | Words | Blocks, "I2C_FUNC_I2C")]
    [InlineData(2, 3, Bytes | Words | Blocks, "I2C_FUNC_I2C")]
    public void What_no_transfer_of_SMBus_can_do_is_refused_by_the_name_of_what_the_adapter_lacks(int written, int read, object functions, string lacking)
    {
        var kernel = new FakeKernel((I2cFunctions)functions);
        I2cDevice device = Device(kernel);

        var refused = Assert.Throws<NotSupportedException>(() => device.WriteRead(new byte[written], new byte[read]));

        Assert.Contains(lacking, refused.Message, StringComparison.Ordinal);
        Assert.Equal(["timeout 50"], kernel.Calls);
    }

    [Fact]
    public void The_address_is_told_when_it_changes_and_not_with_every_transfer()
    {
        var kernel = new FakeKernel(Bytes);
        using var bus = new LinuxI2cBus(1, kernel);
        I2cDevice first = bus.CreateDevice(0x48), second = bus.CreateDevice(0x49);

        first.ReadByte();
        first.ReadByte();
        second.ReadByte();
        first.ReadByte();

        Assert.Equal(["address 48", "address 49", "address 48"], kernel.Calls.Where(call => call.StartsWith("address", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_address_that_a_driver_of_the_kernel_has_is_told_apart_from_a_busy_bus()
    {
        IOException failure = Assert.Throws<IOException>(() => Device(new FakeKernel(Bytes) { AddressError = TransferError.Busy }).ReadByte());

        Assert.Equal(TransferError.AddressInUse, failure.HResult);
    }

    [Fact]
    public void A_block_that_comes_short_is_an_error_and_not_a_value()
    {
        var kernel = new FakeKernel(Blocks) { LongestBlock = 5 };

        Assert.Throws<IOException>(() => Device(kernel).WriteRead([0x10], new byte[8]));
    }

    private static I2cDevice Device(FakeKernel kernel) => new LinuxI2cBus(1, kernel).CreateDevice(0x48);
}
