using EdgeAgent.Testing;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

public sealed class TrafficFileTests : IDisposable
{
    private static readonly TrafficMemory Memory = new(
        new Guid("00112233-4455-6677-8899-aabbccddeeff"), TimeSpan.FromTicks(0x0102030405), true, 0x6162636465, false,
        new PeriodState(null, TimeSpan.FromTicks(0x1112131415), 0x2122232425),
        new PeriodState(new DateTimeOffset(0x08de_3132_3334_3536, TimeSpan.Zero), TimeSpan.FromTicks(0x4142434445), 0x5152535455),
        new RecentTraffic(1, 2));

    private readonly TemporaryFolder _folder = new();
    private readonly TrafficFile _file;

    public TrafficFileTests() => _file = TrafficFile.Beside(_folder["spool/"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_what_the_format_says_and_is_read_again()
    {
        Assert.True(_file.TryWrite(Memory));

        Assert.Equal(
            "45415452" + "01000100" + "00112233445566778899aabbccddeeff" + "0504030201000000" + "6564636261000000"
            + "0000000000000000" + "1514131211000000" + "2524232221000000"
            + "363534333231de08" + "4544434241000000" + "5554535251000000"
            + "000000000000f03f" + "0000000000000040",
            Convert.ToHexStringLower(File.ReadAllBytes(_folder["spool.traffic"])[..^4]));
        Assert.True(_file.TryRead(out TrafficMemory memory));
        Assert.Equal(Memory, memory);
    }

    [Fact]
    public void A_file_with_any_bit_flipped_or_any_byte_missing_is_none()
    {
        _file.TryWrite(Memory);
        byte[] sound = File.ReadAllBytes(_folder["spool.traffic"]);
        for (int bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] damaged = [.. sound];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_folder["spool.traffic"], damaged);
            Assert.False(_file.TryRead(out _));
        }
        File.WriteAllBytes(_folder["spool.traffic"], sound[..^1]);
        Assert.False(_file.TryRead(out _));
        File.Delete(_folder["spool.traffic"]);
        Assert.False(_file.TryRead(out _));
    }
}
