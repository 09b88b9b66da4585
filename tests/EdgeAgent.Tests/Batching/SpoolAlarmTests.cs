using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Mqtt;

namespace EdgeAgent.Tests.Batching;

public sealed class SpoolAlarmTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly IOException Reason = new("The disk is gone.");

    [Fact]
    public void An_alarm_that_lasts_is_told_once_a_minute_and_once_when_it_is_over()
    {
        using var rig = new Rig();
        for (int second = 0; second < 600; second++, rig.Time.Advance(Second))
        {
            rig.Alarm.Raise(Reason);
        }
        Assert.Equal(1, rig.Metrics.SpoolAlarm.Value);
        Assert.Equal(LossCause.DiskFull, rig.Lost.Cause);

        rig.Alarm.Clear();

        Assert.Equal(10, rig.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)));
        Assert.Equal(11, rig.Log.Lines.Count);
        Assert.Contains("00:09:00", rig.Log.Lines.ElementAt(9), StringComparison.Ordinal);
        Assert.Equal(0, rig.Metrics.SpoolAlarm.Value);
        Assert.Equal(LossCause.Overflow, rig.Lost.Cause);
    }

    [Fact]
    public void An_alarm_that_comes_and_goes_every_second_does_not_fill_the_log()
    {
        using var rig = new Rig();
        for (int second = 0; second < 600; second++, rig.Time.Advance(Second))
        {
            rig.Alarm.Raise(Reason);
            rig.Alarm.Clear();
        }

        Assert.Equal(20, rig.Log.Lines.Count);
    }

    private sealed class Rig : IDisposable
    {
        public Rig() => Alarm = new SpoolAlarm(Lost, Metrics, Time, Log);

        public ManualTimeProvider Time { get; } = new();

        public LostReadings Lost { get; } = new();

        public AgentMetrics Metrics { get; } = new();

        public RecordingLog Log { get; } = new();

        public SpoolAlarm Alarm { get; }

        public void Dispose()
        {
            Metrics.Dispose();
            Log.Dispose();
        }
    }
}
