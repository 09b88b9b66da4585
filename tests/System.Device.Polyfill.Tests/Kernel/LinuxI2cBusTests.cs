using System.Device.I2c;

namespace System.Device.Polyfill.Tests.Kernel;

/// <summary>Combined transfers, and what becomes of the kernel's errors.</summary>
public sealed class LinuxI2cBusTests
{
    [Fact]
    public void Where_the_adapter_can_a_write_and_a_read_are_one_combined_transfer_of_any_length()
    {
        var kernel = new FakeKernel(I2cFunctions.I2c | I2cFunctions.ReadWordData | I2cFunctions.ReadI2cBlock);
        kernel.Registers[0x91] = 0x5A;
        byte[] read = new byte[100];

        Device(kernel).WriteRead([0x90, 0x01], read);

        Assert.Equal(["timeout 50", "48 write 9001", "48 read 100"], kernel.Calls);
        Assert.Equal(0x5A, read[0]);
    }

    [Theory]
    [InlineData(TransferError.Interrupted)]
    [InlineData(TransferError.TryAgain)]
    public void What_was_broken_off_or_lost_to_another_master_is_begun_anew(int error)
    {
        foreach (I2cFunctions functions in new[] { I2cFunctions.I2c, I2cFunctions.ReadByte })
        {
            var kernel = new FakeKernel(functions);
            kernel.Errors.Enqueue(error);
            kernel.Errors.Enqueue(error);
            kernel.Registers[0] = 0x42;

            Assert.Equal(0x42, Device(kernel).ReadByte());
        }
    }

    [Theory]
    [InlineData(TransferError.Interrupted, 3)]
    [InlineData(TransferError.TryAgain, 3)]
    [InlineData(TransferError.NoSuchAddress, 1)]
    [InlineData(TransferError.RemoteError, 1)]
    [InlineData(TransferError.TimedOut, 1)]
    public void An_error_comes_out_under_its_errno_after_as_many_attempts_as_make_sense(int error, int attempts)
    {
        var kernel = new FakeKernel(I2cFunctions.I2c);
        for (int i = 0; i < 10; i++)
        {
            kernel.Errors.Enqueue(error);
        }

        IOException failure = Assert.Throws<IOException>(() => Device(kernel).ReadByte());

        Assert.Equal(error, failure.HResult);
        Assert.StartsWith("/dev/i2c-1, address 0x48: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(attempts, kernel.Calls.Count(call => call == "combined failed"));
    }

    [Fact]
    public void A_transfer_of_nothing_does_not_reach_the_kernel()
    {
        var kernel = new FakeKernel(I2cFunctions.I2c);

        Device(kernel).WriteRead([], []);

        Assert.Equal(["timeout 50"], kernel.Calls);
    }

    [Fact]
    public void An_adapter_that_does_not_say_what_it_can_is_closed_again()
    {
        var kernel = new FakeKernel(I2cFunctions.None) { FunctionsError = 25 };

        Assert.Equal(25, Assert.Throws<IOException>(() => new LinuxI2cBus(1, kernel)).HResult);
        Assert.True(kernel.IsClosed);
    }

    [Fact]
    public void A_bus_that_is_not_there_says_so_by_its_errno() =>
        Assert.Equal(TransferError.Missing, Assert.Throws<IOException>(() => I2cBus.Create(9_999)).HResult);

    [Fact]
    public void Closing_the_bus_closes_the_file()
    {
        var kernel = new FakeKernel(I2cFunctions.I2c);

        new LinuxI2cBus(1, kernel).Dispose();

        Assert.True(kernel.IsClosed);
    }

    private static I2cDevice Device(FakeKernel kernel) => new LinuxI2cBus(1, kernel).CreateDevice(0x48);
}
