using EdgeAgent.Sensors.I2c.Chips.Registers;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class RegisterChecksumTests
{
    [Fact]
    public void Each_kind_gives_the_number_that_its_maker_publishes()
    {
        // SHT3x datasheet, section 4.12.
        Assert.Equal(0x92, new RegisterChecksum(ChecksumKind.Crc8).Of([0xBE, 0xEF]));
        // Check values of the catalogue of parametrised CRC algorithms, over "123456789": CRC-8/NRSC-5, CRC-8/SMBUS, CRC-8/MAXIM-DOW.
        Assert.Equal(0xF7, new RegisterChecksum(ChecksumKind.Crc8).Of("123456789"u8));
        Assert.Equal(0xF4, new RegisterChecksum(ChecksumKind.Crc8, 0x07, 0x00).Of("123456789"u8));
        Assert.Equal(0xA1, new RegisterChecksum(ChecksumKind.Crc8Maxim).Of("123456789"u8));
        // Maxim's application note 27: the ROM code 02 1C B8 01 00 00 00 has the CRC A2h.
        Assert.Equal(0xA2, new RegisterChecksum(ChecksumKind.Crc8Maxim).Of([0x02, 0x1C, 0xB8, 0x01, 0x00, 0x00, 0x00]));
        Assert.Equal(0x12 ^ 0x34 ^ 0xFF, new RegisterChecksum(ChecksumKind.Xor).Of([0x12, 0x34, 0xFF]));
        Assert.Equal(0x45, new RegisterChecksum(ChecksumKind.Sum).Of([0x12, 0x34, 0xFF]));
    }

    [Theory]
    [InlineData(ChecksumKind.Crc8)]
    [InlineData(ChecksumKind.Crc8Maxim)]
    [InlineData(ChecksumKind.Xor)]
    [InlineData(ChecksumKind.Sum)]
    public void Every_single_flipped_bit_is_seen(object kind)
    {
        var checksum = new RegisterChecksum((ChecksumKind)kind);
        byte[] bytes = [0xBE, 0xEF, 0];
        bytes[2] = checksum.Of(bytes.AsSpan(0, 2));
        Assert.True(checksum.Fits(bytes));

        for (int bit = 0; bit < 24; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(checksum.Fits(bytes), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
