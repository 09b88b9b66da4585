using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class SetAsideLimitTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly SetAsideLimit _limit = new();

    [Fact]
    public void So_many_records_a_day_and_no_more()
    {
        for (int day = 0; day < 3; day++)
        {
            Assert.All(Enumerable.Range(0, SetAsideLimit.RecordsPerDay), _ => Assert.True(_limit.TryTake(Day * day, 1, isNamed: true)));
            Assert.False(_limit.TryTake((Day * (day + 1)) - TimeSpan.FromTicks(1), 1, isNamed: true));
        }
    }

    [Fact]
    public void So_many_bytes_a_day_but_one_record_in_any_case()
    {
        Assert.True(_limit.TryTake(Day, int.MaxValue, isNamed: true));
        Assert.False(_limit.TryTake(Day, 1, isNamed: true));
        Assert.True(_limit.TryTake(Day * 2, 1, isNamed: true));
    }

    [Fact]
    public void Of_records_that_the_service_does_not_name_only_a_few_side_by_side()
    {
        for (int i = 0; i < SetAsideLimit.UnnamedInARow; i++)
        {
            Assert.True(_limit.TryTake(Day, 1, isNamed: false));
        }
        Assert.False(_limit.TryTake(Day, 1, isNamed: false));
        _limit.OnTaken();
        Assert.True(_limit.TryTake(Day, 1, isNamed: false));
    }
}
