using EdgeAgent.Batching;

namespace EdgeAgent.Tests.Batching;

public sealed class FreshnessTests
{
    private readonly Freshness _freshness = new();

    [Fact]
    public void Nothing_is_known_before_the_cloud_has_a_batch_of_this_run()
    {
        Assert.Null(_freshness.Age(Second(5), 0));
        _freshness.Appended(7, Second(1), 6);
        Assert.Null(_freshness.Age(Second(5), 6));
    }

    [Fact]
    public void The_age_is_that_of_the_newest_batch_that_the_cloud_has_and_grows_while_it_has_no_other()
    {
        _freshness.Appended(1, Second(1), 0);
        _freshness.Appended(2, Second(2), 0);
        _freshness.Appended(3, Second(3), 0);
        Assert.Equal(Second(4), _freshness.Age(Second(5), 1));
        Assert.Equal(Second(2), _freshness.Age(Second(5), 3));
        Assert.Equal(Second(7), _freshness.Age(Second(10), 3));
        _freshness.Appended(4, Second(9), 3);
        Assert.Equal(Second(1), _freshness.Age(Second(10), 4));
    }

    [Fact]
    public void A_spool_that_begins_anew_is_not_taken_for_the_old_one()
    {
        _freshness.Appended(100, Second(1), 99);
        _freshness.Appended(1, Second(2), 0);
        Assert.Null(_freshness.Age(Second(3), 0));
        Assert.Equal(Second(1), _freshness.Age(Second(3), 1));
    }

    private static TimeSpan Second(int second) => TimeSpan.FromSeconds(second);
}
