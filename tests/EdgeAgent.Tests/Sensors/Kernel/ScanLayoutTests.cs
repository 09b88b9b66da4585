using EdgeAgent.Sensors.Kernel.Iio;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class ScanLayoutTests
{
    [Theory]
    [InlineData("le:s12/16>>4", "F07F", 2047)]
    [InlineData("le:s12/16>>4", "0080", -2048)]
    [InlineData("le:s12/16>>4", "1F80", -2047)] // the four bits below the value are noise
    [InlineData("be:u12/16>>0", "FABC", 0xABC)] // and those above it
    [InlineData("be:s16/16", "FFFE", -2)]
    [InlineData("le:u8/8", "FF", 255)]
    [InlineData("le:s8/8>>0", "FF", -1)]
    [InlineData("be:s24/32>>8", "80000100", -8388607)]
    [InlineData("le:u32/32", "FFFFFFFF", 4294967295)]
    [InlineData("le:s64/64>>0", "0000000000000080", long.MinValue)]
    public void A_value_is_taken_out_of_its_storage_as_its_type_says(string type, string storage, long expected)
    {
        Assert.True(ScanElement.TryParse(type, out ScanElement element));
        byte[] bytes = Convert.FromHexString(storage);

        Assert.Equal(bytes.Length, element.StorageBytes);
        Assert.Equal(expected, element.Decode(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("le:s12")]
    [InlineData("me:s12/16>>4")]
    [InlineData("le:f32/32>>0")]
    [InlineData("le:s12/16X4>>4")]
    [InlineData("le:s16/16>>4")]
    [InlineData("le:s12/24>>0")]
    [InlineData("le:s0/16>>0")]
    [InlineData(">>le:s/1")]
    [InlineData("le:s12>>4/16")]
    public void What_is_no_type_of_one_number_is_refused(string type) => Assert.False(ScanElement.TryParse(type, out _));

    [Fact]
    public void Channels_lie_in_the_order_of_their_indices_each_at_a_multiple_of_its_size_and_so_does_the_next_record()
    {
        ScanLayout layout = Layout(("timestamp", 9, "le:s64/64>>0"), ("voltage1", 1, "le:s24/32>>0"), ("voltage0", 0, "le:u12/16>>0"), ("voltage2", 2, "le:u8/8>>0"))!;

        Assert.Equal([("voltage0", 0), ("voltage1", 4), ("voltage2", 8)], layout.Channels.Select(channel => (channel.Name, channel.Offset)));
        Assert.Equal(16, layout.TimestampChannel.Offset);
        Assert.Equal(24, layout.RecordBytes);
    }

    [Fact]
    public void Without_a_timestamp_or_without_anything_else_there_is_nothing_to_capture()
    {
        Assert.Null(Layout(("voltage0", 0, "le:u12/16>>0")));
        Assert.Null(Layout(("timestamp", 0, "le:s64/64>>0")));
    }

    [Fact]
    public void A_distance_of_several_periods_is_as_many_missing_samples_less_one()
    {
        const long millisecond = 1_000_000;
        var gaps = new TimestampGaps(rate: 1_000);

        Assert.Equal(0, gaps.MissedBefore(5_000 * millisecond));
        Assert.Equal(0, gaps.MissedBefore(5_001 * millisecond));
        Assert.Equal(0, gaps.MissedBefore((5_002 * millisecond) + 400_000)); // jitter
        Assert.Equal(3, gaps.MissedBefore((5_006 * millisecond) + 200_000));
        Assert.Equal(0, gaps.MissedBefore(4_000 * millisecond)); // a clock that was set back
        Assert.Equal(0, gaps.MissedBefore(4_001 * millisecond));
    }

    private static ScanLayout? Layout(params (string Name, int Index, string Type)[] channels) => ScanLayout.Of(channels.Select(channel =>
    {
        Assert.True(ScanElement.TryParse(channel.Type, out ScanElement element));
        return (channel.Name, channel.Index, element);
    }));
}
