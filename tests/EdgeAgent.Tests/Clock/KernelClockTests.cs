using System.Buffers.Binary;
using System.Globalization;
using EdgeAgent.Clock;

namespace EdgeAgent.Tests.Clock;

/// <summary>The kernel's answers, made up for both sizes of a long, and those of this machine.</summary>
public sealed class KernelClockTests
{
    private const int TimeInsertsLeapSecond = 0x10; // STA_INS: no fault

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void The_state_is_read_where_the_kernel_puts_it(int sizeOfLong)
    {
        Assert.Equal(new KernelSync(KernelSyncState.Synchronized, 250_000), KernelClock.Read(Timex(sizeOfLong, 250, 0x2001), sizeOfLong));
        Assert.Equal(new KernelSync(KernelSyncState.Synchronized, 0), KernelClock.Read(Timex(sizeOfLong, 0, TimeInsertsLeapSecond), sizeOfLong));
        Assert.Equal(KernelSyncState.Unsynchronized, KernelClock.Read(Timex(sizeOfLong, 250, 0x2041), sizeOfLong).State);
        Assert.Equal(KernelSyncState.Unsynchronized, KernelClock.Read(Timex(sizeOfLong, 16_000_000, 0x2001), sizeOfLong).State);
    }

    [Fact]
    public void The_clock_since_boot_is_the_kernels()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        var clock = new KernelClock(TimeProvider.System);
        double before = Uptime();
        double boot = clock.BootNanoseconds / 1e9;

        // /proc/uptime has two decimals, cut.
        Assert.InRange(boot, before, Uptime() + 0.01);
        // Whatever it says, it is an answer.
        Assert.True(Enum.IsDefined(clock.Sync.State));
        Assert.NotEqual(Guid.Empty, clock.BootId);
    }

    private static double Uptime() => double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>modes, offset, freq, maxerror, esterror, status.</summary>
    private static byte[] Timex(int sizeOfLong, int maximumError, int status)
    {
        byte[] timex = new byte[256];
        timex.AsSpan(sizeOfLong, 2 * sizeOfLong).Fill(0x55);
        timex.AsSpan(4 * sizeOfLong, sizeOfLong).Fill(0x55);
        BinaryPrimitives.WriteInt32LittleEndian(timex.AsSpan(3 * sizeOfLong), maximumError);
        BinaryPrimitives.WriteInt32LittleEndian(timex.AsSpan(5 * sizeOfLong), status);
        return timex;
    }
}
