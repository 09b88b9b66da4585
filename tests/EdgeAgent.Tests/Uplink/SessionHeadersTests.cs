using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.Tests.Uplink;

public sealed class SessionHeadersTests
{
    [Fact]
    public void All_four_are_read()
    {
        Assert.True(SessionHeaders.TryRead(
            new Metadata
            {
                { "edge-durable-through", "18446744073709551615" },
                { "edge-rate-bytes-per-second", "5000" },
                { "edge-backlog-start-after-ms", "1500" },
                { "edge-server-time", "1790000000123456789" },
            },
            out SessionHeaders headers));
        Assert.Equal(new SessionHeaders(ulong.MaxValue, 5_000, TimeSpan.FromSeconds(1.5), 1_790_000_000_123_456_789), headers);
    }

    [Fact]
    public void Only_the_watermark_is_required()
    {
        Assert.True(SessionHeaders.TryRead(new Metadata { { "edge-durable-through", "0" } }, out SessionHeaders headers));
        Assert.Equal(default, headers);
        Assert.False(SessionHeaders.TryRead([], out _));
    }

    [Theory]
    [InlineData("edge-durable-through", "")]
    [InlineData("edge-durable-through", "-1")]
    [InlineData("edge-durable-through", "+1")]
    [InlineData("edge-durable-through", " 1")]
    [InlineData("edge-durable-through", "18446744073709551616")]
    [InlineData("edge-rate-bytes-per-second", "fast")]
    [InlineData("edge-backlog-start-after-ms", "1.5")]
    [InlineData("edge-server-time", "now")]
    [InlineData("edge-server-time", "9223372036854775808")]
    public void What_is_no_decimal_is_not_guessed(string key, string value)
    {
        var metadata = new Metadata { { key, value } };
        if (key != "edge-durable-through")
        {
            metadata.Add("edge-durable-through", "1");
        }
        Assert.False(SessionHeaders.TryRead(metadata, out _));
    }

    [Fact]
    public void A_service_cannot_make_the_backlog_wait_for_ever()
    {
        var metadata = new Metadata { { "edge-durable-through", "1" }, { "edge-backlog-start-after-ms", "18446744073709551615" } };
        Assert.True(SessionHeaders.TryRead(metadata, out SessionHeaders headers));
        Assert.Equal(TimeSpan.FromDays(1), headers.BacklogStartAfter);
    }
}
