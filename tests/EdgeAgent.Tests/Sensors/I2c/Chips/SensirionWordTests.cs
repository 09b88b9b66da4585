using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class SensirionWordTests
{
    /// <summary>SHT3x datasheet table 20, SHT4x section 4.4 and SCD4x section 3.12 print the first; the others are the SCD4x's examples of section 3.</summary>
    [Theory]
    [InlineData(0xBEEF, 0x92)]
    [InlineData(0xF896, 0x31)]
    [InlineData(0x9F07, 0xC2)]
    [InlineData(0x3BBE, 0x89)]
    [InlineData(0x01F4, 0x33)]
    [InlineData(0x6667, 0xA2)]
    [InlineData(0x5EB9, 0x3C)]
    [InlineData(0x8000, 0xA2)]
    public void The_checksums_of_the_datasheets_are_the_datasheets(int word, byte checksum)
    {
        byte[] bytes = [(byte)(word >> 8), (byte)word, checksum];

        Assert.True(SensirionWord.TryRead(bytes, out ushort read));
        Assert.Equal(word, read);
    }

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        for (int bit = 0; bit < 24; bit++)
        {
            byte[] bytes = [0xBE, 0xEF, 0x92];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SensirionWord.TryRead(bytes, out _));
            Assert.False(SensirionWord.AreSound([0x01, 0xF4, 0x33, .. bytes]));
        }
    }

    [Fact]
    public void A_command_with_an_argument_is_what_the_datasheet_prints()
    {
        // SCD4x section 3.7.3: an altitude of 1,950 m.
        var device = new CannedDevice();
        device.WriteCommand(Scd4x.SetAltitude, 1_950);

        Assert.Equal("2427079E09", Assert.Single(device.Written));
    }
}
