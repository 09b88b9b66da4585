using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class LineEstimateTests
{
    private const int Most = 512 * 1024;

    [Fact]
    public void Of_an_unknown_line_10_kilobits_a_second_are_supposed()
    {
        Assert.Equal(TimeSpan.FromSeconds(100), new LineEstimate(Most).TimeFor(125_000));
        Assert.Equal(TimeSpan.Zero, new LineEstimate(Most).TimeFor(0));
    }

    [Fact]
    public void A_fast_line_has_no_time_for_bytes_and_gets_it_again_as_it_fails()
    {
        var line = new LineEstimate(Most);
        line.OnReceipt(1_000_000, TimeSpan.FromSeconds(1));
        // A session that waited for data says nothing against the line.
        line.OnReceipt(100, TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(4), line.TimeFor(1_000_000));

        line.OnLoss();
        Assert.Equal(TimeSpan.FromSeconds(16), line.TimeFor(1_000_000));
        for (int i = 0; i < 10_000; i++)
        {
            line.OnLoss();
        }
        Assert.Equal(TimeSpan.FromSeconds(800), line.TimeFor(1_000_000));
    }

    [Fact]
    public void Sessions_halve_with_each_loss_down_to_16_KiB_and_double_with_each_receipt()
    {
        var line = new LineEstimate(Most);
        var sizes = new List<int> { line.SessionBytes };
        for (int i = 0; i < 7; i++)
        {
            line.OnLoss();
            sizes.Add(line.SessionBytes / 1024);
        }
        Assert.Equal([Most, 256, 128, 64, 32, 16, 16, 16], sizes);
        for (int i = 0; i < 5; i++)
        {
            line.OnReceipt(1, TimeSpan.FromSeconds(1));
        }
        Assert.Equal(Most, line.SessionBytes);
        line.OnReceipt(1, TimeSpan.FromSeconds(1));
        Assert.Equal(Most, line.SessionBytes);
    }

    [Fact]
    public void Small_sessions_by_configuration_stay_as_they_are()
    {
        var line = new LineEstimate(600);
        line.OnLoss();
        Assert.Equal(600, line.SessionBytes);
    }
}
