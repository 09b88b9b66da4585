using EdgeAgent.Flash;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Flash;

public sealed class FlashDayFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FlashDayFile _file;

    public FlashDayFileTests() => _file = new FlashDayFile(_folder["spool.flash"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_what_the_grammar_says()
    {
        Assert.True(_file.TryWrite(new FlashDay(TimeSpan.FromTicks(0x0102030405), 0x1112131415), isClean: true));

        Assert.Equal("454146440101000005040302010000001514131211000000A16EDC33", Convert.ToHexString(File.ReadAllBytes(_folder["spool.flash"])));
        Assert.True(_file.TryRead(out FlashDay day, out bool isClean));
        Assert.Equal((new FlashDay(TimeSpan.FromTicks(0x0102030405), 0x1112131415), true), (day, isClean));
    }

    [Fact]
    public void A_file_with_any_bit_flipped_or_any_byte_missing_is_none()
    {
        _file.TryWrite(new FlashDay(TimeSpan.FromHours(1), 1_000), isClean: false);
        byte[] sound = File.ReadAllBytes(_folder["spool.flash"]);
        for (int bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] damaged = [.. sound];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_folder["spool.flash"], damaged);
            Assert.False(_file.TryRead(out _, out _));
        }
        File.WriteAllBytes(_folder["spool.flash"], sound[..^1]);
        Assert.False(_file.TryRead(out _, out _));
        File.Delete(_folder["spool.flash"]);
        Assert.False(_file.TryRead(out _, out _));
    }
}
