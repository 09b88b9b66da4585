using EdgeAgent.Clock;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Clock;

public sealed class ClockFileTests : IDisposable
{
    private static readonly BootRelation One = new(new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"), 0x1122, 0x33);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_format_is_pinned()
    {
        Assert.True(new ClockFile(_folder["c"]).TryWrite(new ClockMemory(0x0102_0304, [One])));

        Assert.Equal(
            "4541434B01010000" + "0403020100000000" + "0102030405060708090A0B0C0D0E0F10" + "2211000000000000" + "3300000000000000" + "419E80B4",
            Convert.ToHexString(File.ReadAllBytes(_folder["c"])));
    }

    [Fact]
    public void What_is_written_is_read_again_and_the_newest_boot_stands_first()
    {
        var file = new ClockFile(_folder["c"]);
        ClockMemory memory = ClockMemory.Nothing;
        for (int boot = 0; boot < 12; boot++)
        {
            memory = memory.With(boot, One with { BootId = new Guid(boot, 0, 0, new byte[8]) });
        }
        Assert.True(file.TryWrite(memory.With(99, One).With(100, One with { Offset = 5 })));

        ClockMemory read = file.Read();

        Assert.Equal(100, read.LastGood);
        Assert.Equal([One with { Offset = 5 }, .. memory.Boots.Take(7)], read.Boots);
        Assert.False(File.Exists(_folder["c.new"]));
    }

    [Fact]
    public void A_damaged_file_says_nothing()
    {
        var file = new ClockFile(_folder["c"]);
        Assert.True(file.TryWrite(new ClockMemory(7, [One])));
        byte[] sound = File.ReadAllBytes(_folder["c"]);
        for (int i = 0; i < sound.Length; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= 0x10;
            File.WriteAllBytes(_folder["c"], damaged);
            Assert.Same(ClockMemory.Nothing, file.Read());
            File.WriteAllBytes(_folder["c"], sound[..i]);
            Assert.Same(ClockMemory.Nothing, file.Read());
        }
        File.Delete(_folder["c"]);
        Assert.Same(ClockMemory.Nothing, file.Read());
    }

    [Fact]
    public void A_disk_that_takes_nothing_leaves_the_file_as_it_was()
    {
        Assert.False(new ClockFile(_folder["no/such/folder"]).TryWrite(ClockMemory.Nothing));
    }
}
