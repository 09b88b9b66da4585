using EdgeAgent.Processing;

namespace EdgeAgent.Tests.Processing;

public sealed class RuleSummaryTests
{
    [Fact]
    public void Every_hour_and_at_the_end_the_log_says_what_each_rule_did_since()
    {
        var rig = new ProcessorRig(new ReportRule { Series = "a", Deadband = 1 }, new ReportRule { Series = "b", Deadband = 1 });
        var summary = new RuleSummary(rig.Catalog.Rules, rig.Metrics, rig.Log);
        summary.Observe(TimeSpan.Zero);
        for (int i = 0; i < 4; i++)
        {
            rig.Take(rig.Series("a"), 0, i);
        }

        summary.Observe(TimeSpan.FromMinutes(59));
        Assert.Empty(rig.Log.Lines);
        summary.Observe(TimeSpan.FromMinutes(60));
        Assert.StartsWith("Information: Rule a in 01:00:00: held back 3 readings as unchanged, 0 as too soon and 0 as parts", Assert.Single(rig.Log.Lines));
        summary.Observe(TimeSpan.FromMinutes(120));
        rig.Take(rig.Series("a"), 0, 5);
        summary.Tell(TimeSpan.FromMinutes(121));

        Assert.Equal(2, rig.Log.Lines.Count);
        Assert.Contains("held back 1 readings as unchanged", rig.Log.Lines.Last());
    }
}
