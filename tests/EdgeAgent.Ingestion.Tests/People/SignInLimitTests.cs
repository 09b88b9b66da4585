using EdgeAgent.Ingestion.People;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class SignInLimitTests
{
    [Fact]
    public void Ten_tries_are_there_at_once_and_then_one_every_six_seconds()
    {
        var time = new ManualTimeProvider();
        var limit = new SignInLimit(time);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(limit.Take("anna")));
        Assert.Equal(TimeSpan.FromSeconds(6), limit.Take("anna"));

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(1), limit.Take("anna"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(limit.Take("anna"));
        Assert.NotNull(limit.Take("anna"));

        time.Advance(TimeSpan.FromDays(1));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(limit.Take("anna")));
        Assert.NotNull(limit.Take("anna"));
    }
}
