using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Tests.Sensors.Kernel;

/// <summary>Errors that files of a folder do not have; that .NET keeps their numbers is seen on one that they do have.</summary>
public sealed class ReadFailureTests
{
    [Theory]
    [InlineData(5, Quality.NoResponse)] // EIO
    [InlineData(6, Quality.NoResponse)] // ENXIO
    [InlineData(19, Quality.NoResponse)] // ENODEV
    [InlineData(110, Quality.NoResponse)] // ETIMEDOUT
    [InlineData(121, Quality.NoResponse)] // EREMOTEIO
    [InlineData(11, Quality.NotReady)] // EAGAIN
    [InlineData(16, Quality.NotReady)] // EBUSY
    [InlineData(61, Quality.NotReady)] // ENODATA
    [InlineData(34, Quality.OutOfRange)] // ERANGE
    [InlineData(74, Quality.Checksum)] // EBADMSG
    [InlineData(22, Quality.Failed)] // EINVAL
    public void An_error_of_a_driver_is_the_quality_that_it_means(int errno, Quality expected) => Assert.Equal(expected, ReadFailure.QualityOf(new IOException("", errno)));

    [Fact]
    public void The_number_of_an_error_is_in_the_exception()
    {
        // Offset 0 of the process's own memory is mapped nowhere: the one file of every Linux whose read is EIO.
        using var file = new KernelFile("/proc/self/mem");

        Assert.Equal(Quality.NoResponse, file.Read(new byte[8], out int length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void A_file_that_comes_back_after_a_failure_is_read()
    {
        using var tree = new KernelTree();
        using var file = new KernelFile(tree["/sys/value"]);
        byte[] buffer = new byte[8];
        Assert.Equal(Quality.NoResponse, file.Read(buffer, out _));

        tree.Write("/sys/value", "1");

        Assert.Equal(Quality.Good, file.Read(buffer, out int length));
        Assert.Equal(2, length);
    }
}
