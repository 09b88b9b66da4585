using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class SamplingServiceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>12:00:00 of the fixture's day.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_sensor_is_read_at_its_own_rate_and_its_readings_have_the_times_of_its_slots()
    {
        using var fixture = new SamplingFixture();
        fixture.Add("a", Second);
        fixture.Add("b", TimeSpan.FromMilliseconds(250), phase: new SamplingPhase(PhaseKind.Fixed, TimeSpan.FromMilliseconds(100)));
        fixture.Start();

        fixture.Advance(Second);

        ILookup<string, double> times = fixture.Readings().ToLookup(
            reading => fixture.Catalog[reading.Series].Definition.Name,
            reading => (DateTimeOffset.UnixEpoch.AddTicks(reading.UnixNanoseconds / 100) - Noon).TotalMilliseconds);
        // Timers count whole milliseconds: a due of this very instant is met with the first one.
        Assert.Equal([0, 1000], times["a/value"]);
        Assert.Equal([100, 350, 600, 850], times["b/value"]);
        Assert.Equal(0, fixture.Metrics.PollsLate.Sum);
    }

    [Fact]
    public void Sensors_that_are_due_within_a_hundredth_of_their_interval_are_read_in_one_wake_up()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor first = fixture.Add("a", 10 * Second, phase: new SamplingPhase(PhaseKind.Fixed, TimeSpan.FromMilliseconds(500)));
        ScriptedSensor near = fixture.Add("b", 10 * Second, phase: new SamplingPhase(PhaseKind.Fixed, TimeSpan.FromMilliseconds(550)));
        ScriptedSensor far = fixture.Add("c", 10 * Second, phase: new SamplingPhase(PhaseKind.Fixed, TimeSpan.FromMilliseconds(551)));
        fixture.Start();

        fixture.Advance(Second);

        Assert.Equal(TimeSpan.FromMilliseconds(500), Assert.Single(first.Begun));
        Assert.Equal(TimeSpan.FromMilliseconds(500), Assert.Single(near.Begun));
        Assert.Equal(TimeSpan.FromMilliseconds(551), Assert.Single(far.Begun));
        // The time of a reading is that of its slot all the same.
        Assert.Equal([500, 550, 551], fixture.Readings().Select(reading => reading.UnixNanoseconds / 1_000_000 % 1_000));
    }

    [Fact]
    public async Task A_sensor_that_hangs_holds_its_group_and_delays_no_other()
    {
        using var fixture = new SamplingFixture();
        using var hanging = new ManualResetEventSlim();
        ScriptedSensor stuck = fixture.Add("stuck", Second, "bad bus");
        stuck.Attempt = (_, _) =>
        {
            hanging.Wait(Patience, CancellationToken.None);
            return ValueTask.CompletedTask;
        };
        ScriptedSensor neighbour = fixture.Add("neighbour", Second, "bad bus", new SamplingPhase(PhaseKind.Fixed, Second / 2));
        ScriptedSensor other = fixture.Add("other", Second, "good bus");
        fixture.Start();

        // One group has the thread of the timer, as it does outside of tests: whoever lets time pass may be held.
        var passing = new List<Task>();
        await Eventually.TrueAsync(
            () =>
            {
                passing.Add(Task.Run(() => fixture.Time.Advance(Second / 10)));
                return stuck.Begun.Count > 0 && other.Begun.Count >= 5;
            },
            Patience, "the other bus is read on");

        Assert.Single(stuck.Begun);
        Assert.Empty(neighbour.Begun);
        hanging.Set();
        await Task.WhenAll(passing).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_sensor_that_waits_for_its_conversion_does_not_hold_its_group()
    {
        using var fixture = new SamplingFixture();
        var converting = new TaskCompletionSource();
        ScriptedSensor slow = fixture.Add("slow", Second);
        slow.Attempt = (_, _) => new ValueTask(converting.Task);
        ScriptedSensor other = fixture.Add("other", Second);
        fixture.Start();

        fixture.Advance(3 * Second);
        Assert.Single(slow.Begun);
        Assert.Equal(4, other.Begun.Count);

        // Begun at 0 and done after 3.0: the slots of 1 and 2 are lost, that of 3 is met late.
        converting.SetResult();
        await Eventually.TrueAsync(() => fixture.Metrics.PollsLate.Of("bus").Value == 2, Patience, "two polls are counted as missed");
        fixture.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(2, slow.Begun.Count);
        Assert.Single(fixture.Log.Lines, line => line.Contains("cannot be read every", StringComparison.Ordinal));
    }

    [Fact]
    public void A_driver_that_throws_gives_failed_readings_is_told_of_once_and_tried_again()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Second);
        Func<Measured[], CancellationToken, ValueTask> well = sensor.Attempt;
        int attempts = 0;
        sensor.Attempt = (_, _) => ++attempts % 2 == 0 ? throw new InvalidOperationException("at once") : ValueTask.FromException(new InvalidOperationException("later"));
        fixture.Start();

        fixture.Advance(8 * Second);
        Assert.All(fixture.Readings(), reading => Assert.Equal(Quality.Failed, reading.Quality));
        Assert.Equal([0, 1, 3, 7], sensor.Begun.Select(at => (int)at.TotalSeconds));
        Assert.Single(fixture.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));

        sensor.Attempt = well;
        fixture.Advance(8 * Second);
        Assert.Equal(Quality.Good, fixture.Readings()[0].Quality);
    }

    [Fact]
    public void A_fast_sensor_that_is_absent_is_left_alone_for_a_tenth_of_a_second_at_least()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", TimeSpan.FromMilliseconds(20));
        sensor.IsPresent = false;
        fixture.Start();

        fixture.Advance(Second);

        Assert.Equal([0, 100, 200, 300, 460, 780], sensor.Begun.Select(at => at.TotalMilliseconds));
    }

    [Fact]
    public void Sensors_are_aligned_anew_once_the_time_is_known_and_none_is_read_twice_or_left_out()
    {
        using var fixture = new SamplingFixture(isTimeKnown: false);
        ScriptedSensor sensor = fixture.Add("a", 10 * Second);
        fixture.Start();
        fixture.Advance(35 * Second);

        fixture.Machine.Synchronize(new DateTimeOffset(2026, 6, 1, 13, 0, 7, TimeSpan.Zero).AddMilliseconds(500));
        fixture.Advance(30 * Second);

        TimeSpan[] gaps = [.. sensor.Begun.Zip(sensor.Begun.Skip(1), (a, b) => b - a)];
        Assert.All(gaps, gap => Assert.InRange(gap, 5 * Second, 15 * Second));
        Assert.Single(gaps, gap => gap != 10 * Second);
        Reading last = fixture.Readings()[^1];
        Assert.Equal(0, last.UnixNanoseconds % 10_000_000_000);
        Assert.False(last.Time.Offset!.IsProvisional);
    }

    [Fact]
    public void Jumps_of_a_wall_clock_that_nobody_vouches_for_disturb_nothing()
    {
        using var fixture = new SamplingFixture(isTimeKnown: false);
        ScriptedSensor sensor = fixture.Add("a", Second);
        fixture.Start();

        for (int i = 0; i < 10; i++)
        {
            fixture.Time.SetWallClock(Noon.AddDays(i % 3).AddMilliseconds(i * 370));
            fixture.Advance(Second);
        }

        Assert.All(sensor.Begun.Zip(sensor.Begun.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, Second, Second + TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, fixture.Metrics.PollsLate.Sum);
    }

    [Fact]
    public void A_sensor_that_learns_what_it_measures_has_series_from_then_on()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Second);
        IReadOnlyList<Quantity> learned = sensor.Quantities;
        (sensor.Quantities, sensor.IsPresent) = ([], false);
        fixture.Start();
        fixture.Advance(2 * Second);
        Assert.Empty(fixture.Readings());
        Assert.Equal(2, fixture.Metrics.PollsFailed.Value);

        (sensor.Quantities, sensor.IsPresent) = (learned, true);
        fixture.Advance(4 * Second);
        Assert.NotEmpty(fixture.Readings());
        Assert.Equal(2, fixture.Metrics.PollsFailed.Value);
    }

    [Fact]
    public async Task Stopping_waits_for_what_is_being_read_and_begins_nothing_more()
    {
        using var fixture = new SamplingFixture();
        var converting = new TaskCompletionSource();
        ScriptedSensor slow = fixture.Add("slow", Second);
        slow.Attempt = (values, _) =>
        {
            values[0] = Measured.Good(5);
            return new ValueTask(converting.Task);
        };
        fixture.Start();
        fixture.Advance(Second);

        Task stopping = fixture.Service!.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        converting.SetResult();
        await stopping.WaitAsync(Patience);
        fixture.Advance(3 * Second);

        Assert.Single(slow.Begun);
        Assert.Equal(5, Assert.Single(fixture.Readings()).Number);
    }

    [Fact]
    public void The_cloud_is_told_how_often_a_reading_is_to_be_expected()
    {
        using var fixture = new SamplingFixture
        {
            Catalog = new SeriesCatalog(SeriesCatalog.DefaultCapacity, new ReportRules(
            [
                new ReportRule { Series = "quiet/*", Deadband = 1, Heartbeat = TimeSpan.FromMinutes(10) },
                new ReportRule { Series = "windows/*", Window = new WindowRule { Length = TimeSpan.FromMinutes(1) } },
            ])),
        };
        fixture.Add("plain", TimeSpan.FromSeconds(30));
        fixture.Add("quiet", TimeSpan.FromSeconds(30));
        fixture.Add("windows", TimeSpan.FromSeconds(30));
        fixture.Start();
        fixture.Advance(TimeSpan.FromMilliseconds(2));

        Assert.True(fixture.Catalog.TryFind("plain/value", out Series? plain));
        Assert.True(fixture.Catalog.TryFind("quiet/value", out Series? quiet));
        Assert.True(fixture.Catalog.TryFind("windows/value", out Series? windows));
        Assert.True(fixture.Catalog.TryDerive(windows, "windows/value:max:1m", "", SeriesKind.Number, SpoolLane.Live, windows.Rule.Window!.Expect(windows.Interval), out Series? maxima));
        // What is only in windows is not expected itself.
        Assert.Equal((0u, 60_000u), (windows.Definition.ExpectedIntervalMilliseconds, maxima.Definition.ExpectedIntervalMilliseconds));
        Assert.Equal((30_000u, 600_000u), (plain.Definition.ExpectedIntervalMilliseconds, quiet.Definition.ExpectedIntervalMilliseconds));
    }
}
