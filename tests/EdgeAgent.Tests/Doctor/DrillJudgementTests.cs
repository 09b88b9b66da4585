using EdgeAgent.Commands;
using EdgeAgent.Doctor.Drills;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Doctor;

/// <summary>A drill's verdict can be a bad one: without that, its zeros would mean nothing.</summary>
public sealed class DrillJudgementTests : IDisposable
{
    private readonly FoundMessages _found = new();

    public void Dispose() => _found.Dispose();

    [Fact]
    public void What_is_acknowledged_and_found_once_is_neither_lost_nor_duplicated()
    {
        Find(0, 1, 2, 3);

        DrillReport report = Judge(0, 1, 2);

        Assert.Equal((3, 0, 0), (report.Acknowledged, report.Lost, report.Duplicated));
        Assert.True(report.IsGood);
    }

    [Fact]
    public void What_is_acknowledged_and_not_found_is_lost()
    {
        Find(0, 2);

        DrillReport report = Judge(0, 1, 2);

        Assert.Equal(1, report.Lost);
        Assert.False(report.IsGood);
        Assert.Contains("\"verdict\":\"fail\"", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_found_twice_or_with_another_content_is_no_success()
    {
        Find(0, 1, 1);
        Write("1000 something else");

        Assert.Equal(2, Judge(0, 1).Duplicated);
        Assert.False(Judge(0, 1).IsGood);
    }

    [Fact]
    public void Aggregates_of_what_gave_way_are_no_messages()
    {
        Find(0);
        var series = new SeriesDefinition { Name = "drill:count:1m", Kind = SeriesKind.Number, Aggregate = new Aggregate { Of = "drill" } };
        _found.Write(new SpooledReading(SpoolLane.Live, 1, series, 0, 3, null, Quality.Good, IsProvisional: false));

        Assert.True(Judge(0).IsGood);
    }

    [Fact]
    public void A_drill_in_which_nothing_was_acknowledged_has_shown_nothing()
    {
        Assert.False(Judge().IsGood);
    }

    [Fact]
    public void A_time_outside_of_the_instants_between_which_a_message_was_taken_is_wrong()
    {
        DateTimeOffset sent = DateTimeOffset.UnixEpoch.AddYears(56);
        var acknowledged = new Dictionary<int, (DateTimeOffset, DateTimeOffset)> { [0] = (sent, sent.AddMilliseconds(30)), [1] = (sent, sent.AddMilliseconds(30)) };
        var found = new Dictionary<int, long> { [0] = sent.AddMilliseconds(10).ToUnixTimeMilliseconds() * 1_000_000, [1] = 10_000_000_000 };

        Assert.Equal(1, ClockDrill.CountWrong(acknowledged, found));
    }

    private DrillReport Judge(params int[] acknowledged) => Drill.Judge(DrillKind.Outage, 1, acknowledged.ToHashSet(), _found, 0, []);

    private void Find(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            Write(DrillMessage.Of(number, 40));
        }
    }

    private void Write(string text) => _found.Write(
        new SpooledReading(SpoolLane.Live, 1, new SeriesDefinition { Name = "drill", Kind = SeriesKind.Text }, 0, 0, text, Quality.Good, IsProvisional: false));
}
