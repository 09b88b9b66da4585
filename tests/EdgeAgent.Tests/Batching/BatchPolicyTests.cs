using EdgeAgent.Batching;

namespace EdgeAgent.Tests.Batching;

public sealed class BatchPolicyTests
{
    private static readonly BatchOptions Options = new()
    {
        MaximumReadings = 100,
        MaximumBytes = 1000,
        MaximumAge = TimeSpan.FromSeconds(60),
        AcknowledgeSettle = TimeSpan.FromMilliseconds(5),
        AcknowledgeWithin = TimeSpan.FromMilliseconds(100),
    };

    private readonly BatchPolicy _policy = new(Options);

    [Fact]
    public void An_empty_batch_is_never_due_and_never_closes()
    {
        _policy.Awaited(At(0));

        Assert.Equal(TimeSpan.MaxValue, _policy.Due);
        Assert.Equal(BatchClosing.NotYet, _policy.At(TimeSpan.FromDays(1), 0, 0));
    }

    [Theory]
    [InlineData(99, 999, BatchClosing.NotYet)]
    [InlineData(100, 0, BatchClosing.Full)]
    [InlineData(1, 1000, BatchClosing.Full)]
    internal void It_closes_with_its_last_reading_or_its_last_byte(int readings, int bytes, BatchClosing expected)
    {
        _policy.Added(At(0));

        Assert.Equal(expected, _policy.At(At(0), readings, bytes));
    }

    [Fact]
    public void Age_counts_from_the_first_reading_however_often_others_come()
    {
        _policy.Added(At(1_000));
        _policy.Added(At(60_000));

        Assert.Equal(At(61_000), _policy.Due);
        Assert.Equal(BatchClosing.NotYet, _policy.At(At(60_999), 2, 10));
        Assert.Equal(BatchClosing.Aged, _policy.At(At(61_000), 2, 10));
    }

    [Fact]
    public void A_publisher_who_waits_is_served_when_nothing_has_arrived_for_the_settle_time()
    {
        _policy.Added(At(0));
        _policy.Awaited(At(0));
        _policy.Added(At(3));

        Assert.Equal(At(8), _policy.Due);
        Assert.Equal(BatchClosing.NotYet, _policy.At(At(7), 2, 10));
        Assert.Equal(BatchClosing.Settled, _policy.At(At(8), 2, 10));
    }

    [Fact]
    public void A_publisher_who_waits_is_served_within_a_bound_on_a_line_that_never_rests()
    {
        for (int i = 0; i <= 33; i++)
        {
            _policy.Added(At(3 * i));
            _policy.Awaited(At(3 * i));
            Assert.Equal(BatchClosing.NotYet, _policy.At(At(3 * i), i, 10));
        }

        Assert.Equal(At(100), _policy.Due);
        Assert.Equal(BatchClosing.Overdue, _policy.At(At(100), 34, 10));
    }

    [Fact]
    public void A_batch_nobody_waits_for_does_not_settle()
    {
        _policy.Added(At(0));

        Assert.Equal(BatchClosing.NotYet, _policy.At(At(59_999), 1, 10));
    }

    [Fact]
    public void An_alarm_counts_as_awaited()
    {
        var alarms = new BatchPolicy(Options, urgent: true);
        alarms.Added(At(0));

        Assert.Equal(BatchClosing.Settled, alarms.At(At(5), 1, 10));
    }

    [Fact]
    public void A_closed_batch_leaves_nothing_to_the_next_one()
    {
        _policy.Added(At(0));
        _policy.Awaited(At(0));
        _policy.Closed();
        _policy.Added(At(1_000));

        Assert.Equal(At(61_000), _policy.Due);
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
