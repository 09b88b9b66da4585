using System.Device.I2c;

namespace System.Device.Polyfill.Tests;

/// <summary>What the product relies on. Runs against the package itself too, with -p:Packages=nuget.</summary>
public sealed class I2cDeviceTests
{
    /// <summary>No machine has so many buses.</summary>
    private const int MissingBus = 9_999;

    [Fact]
    public void A_bus_that_is_not_there_is_an_io_exception() =>
        Assert.ThrowsAny<IOException>(() =>
        {
            // The package opens the bus with the first transfer, the polyfill at once: the caller must be ready for either.
            using I2cDevice device = I2cDevice.Create(new I2cConnectionSettings(MissingBus, 0x76));
            device.ReadByte();
        });

    [Fact]
    public void Settings_say_what_they_were_given()
    {
        var settings = new I2cConnectionSettings(1, 0x76);

        Assert.Equal((1, 0x76), (settings.BusId, settings.DeviceAddress));
    }

    [Fact]
    public void A_single_byte_is_a_transfer_of_one_byte()
    {
        using var device = new RecordingDevice();

        device.WriteByte(0x2C);
        Assert.Equal(0x5A, device.ReadByte());

        Assert.Equal(["write 2C", "read 1"], device.Transfers);
    }

    [Fact]
    public void Disposing_twice_disposes_of_what_is_behind_it_in_the_same_way()
    {
        var device = new RecordingDevice();

        device.Dispose();
        device.Dispose();

        Assert.Equal(["dispose True", "dispose True"], device.Transfers);
    }

    private sealed class RecordingDevice : I2cDevice
    {
        public List<string> Transfers { get; } = [];

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x44);

        public override void Read(Span<byte> buffer)
        {
            Transfers.Add($"read {buffer.Length}");
            buffer.Fill(0x5A);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Transfers.Add($"write {Convert.ToHexString(buffer)}");

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Write(writeBuffer);
            Read(readBuffer);
        }

        protected override void Dispose(bool disposing)
        {
            Transfers.Add($"dispose {disposing}");
            base.Dispose(disposing);
        }
    }
}
