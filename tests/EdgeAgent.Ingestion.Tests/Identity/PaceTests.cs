using System.Net;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Identity.Enrolment;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Identity;

public sealed class PaceTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_burst_passes_at_once_the_rest_one_after_the_other_and_what_would_wait_too_long_is_turned_away()
    {
        var pace = new Pace(TimeSpan.FromSeconds(1), 3, _time);
        TimeSpan patience = TimeSpan.FromSeconds(2);

        Assert.Equal(
            (TimeSpan?[])[TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), null],
            Enumerable.Range(0, 6).Select(_ => pace.Take(patience)));
        Assert.False(pace.HasPlace);

        // The one that was turned away has taken no place.
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.Zero, pace.Take(patience));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => pace.Take(TimeSpan.Zero) is not null));
    }

    [Fact]
    public void Failures_of_one_address_leave_others_alone_until_all_together_are_too_many()
    {
        var limits = new FailureLimits(_time);
        IPAddress one = IPAddress.Parse("192.0.2.1"), other = IPAddress.Parse("192.0.2.2");
        for (int i = 0; i < 10; i++)
        {
            Assert.True(limits.MayTry(one));
            limits.Count(one);
        }
        Assert.False(limits.MayTry(one));
        Assert.False(limits.MayTry(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.True(limits.MayTry(other));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(limits.MayTry(one));

        for (int i = 0; i < 300; i++)
        {
            // An attacker with all of 2001:db8::/64 is one.
            limits.Count(IPAddress.Parse($"2001:db8::{i:x}"));
        }
        Assert.False(limits.MayTry(IPAddress.Parse("2001:db8::ffff:1")));
        Assert.False(limits.MayTry(other));
        Assert.False(limits.MayTry(null));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limits.MayTry(other));
    }
}
