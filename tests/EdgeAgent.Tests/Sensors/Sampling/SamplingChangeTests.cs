using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class SamplingChangeTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>For liveness only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly AgentMetrics _metrics = new();
    private readonly ReadingChannel _channel = new();
    private readonly SeriesCatalog _catalog = new();
    private readonly ChangingGroup _group = new();
    private readonly SamplingService _service;

    public SamplingChangeTests() => _service = new SamplingService(
        [_group], new AgentConfiguration(), _catalog, _channel, _metrics, TestClocks.Right(_time), _time, new Heartbeats(_time), NullLogger<SamplingService>.Instance);

    public void Dispose()
    {
        _service.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task An_unchanged_sensor_of_100_Hz_misses_no_slot_while_fifty_others_change_beside_it()
    {
        var sensor = new ScriptedSensor(_time);
        SensorPlan unchanged = Plan(sensor, "unchanged", TimeSpan.FromMilliseconds(10));
        _group.Begin([unchanged, .. Fifty(0)]);
        await _service.StartAsync(CancellationToken.None);
        for (int i = 1; i <= 100; i++)
        {
            await Eventually.TrueAsync(() => sensor.Begun.Count == i, Patience, $"slot {i} is read");
            if (i % 5 == 0)
            {
                await _group.ChangeAsync(_service, [.. Fifty(i), unchanged]);
            }
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        TimeSpan[] begun = [.. sensor.Begun];
        Assert.All(begun.Zip(begun.Skip(1), (a, b) => b - a), gap => Assert.Equal(TimeSpan.FromMilliseconds(10), gap));
        Assert.Equal(51, _service.Sensors.Count);
    }

    [Fact]
    public async Task A_sensor_that_begins_while_others_are_read_has_its_first_slot_after_that_and_none_that_it_missed()
    {
        var fast = new ScriptedSensor(_time);
        SensorPlan slow = Plan(new ScriptedSensor(_time), "slow", TimeSpan.FromMilliseconds(19));
        _group.Begin(slow);
        await _service.StartAsync(CancellationToken.None);
        await _group.ChangeAsync(_service, slow, Plan(fast, "fast", TimeSpan.FromMilliseconds(1)));
        for (int i = 0; i < 60; i++)
        {
            int due = Math.Max(0, i - 19);
            await Eventually.TrueAsync(() => fast.Begun.Count >= due, Patience, "the fast one is read");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(0, _metrics.PollsLate.Sum);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public async Task What_a_sensor_that_ends_was_about_to_give_is_in_the_channel_before_it_has_ended(int milliseconds)
    {
        var measured = new TaskCompletionSource();
        var sensor = new ScriptedSensor(_time)
        {
            Attempt = (values, _) =>
            {
                Array.Fill(values, Measured.Good(21));
                return new ValueTask(measured.Task);
            },
        };
        _group.Begin(Plan(sensor, "s", TimeSpan.FromMilliseconds(milliseconds)));
        await _service.StartAsync(CancellationToken.None);
        _time.Advance(Second);
        await Eventually.TrueAsync(() => sensor.Begun.Count == 1, Patience, "it is at work");

        Task retiring = _group.RetireAsync(_service);
        Assert.False(retiring.IsCompleted);
        Assert.False(_channel.Reader.TryPeek(out _));
        measured.SetResult();
        await retiring.WaitAsync(Patience);

        Assert.True(_channel.Reader.TryRead(out Reading reading));
        Assert.Equal(21, reading.Number);
        Assert.Empty(_service.Sensors);
        _time.Advance(10 * Second);
        Assert.Single(sensor.Begun);
    }

    [Fact]
    public async Task A_sensor_that_hangs_is_left_to_itself_and_says_nothing_more_and_one_that_follows_it_is_read()
    {
        var hanging = new TaskCompletionSource();
        var sensor = new ScriptedSensor(_time) { Attempt = (_, _) => new ValueTask(hanging.Task) };
        _group.Begin(Plan(sensor, "hangs", Second));
        await _service.StartAsync(CancellationToken.None);
        _time.Advance(Second);
        await Eventually.TrueAsync(() => sensor.Begun.Count == 1, Patience, "it is at work");
        Task retiring = _group.RetireAsync(_service);

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(retiring.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await retiring.WaitAsync(Patience);
        var next = new ScriptedSensor(_time);
        await _group.ChangeAsync(_service, Plan(next, "next", Second));
        _time.Advance(Second);
        await Eventually.TrueAsync(() => next.Begun.Count > 0, Patience, "its successor is read");

        hanging.SetResult();
        await _service.StopAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.True(_channel.Reader.TryPeek(out _));
        while (_channel.Reader.TryRead(out Reading reading))
        {
            Assert.Equal("next/value", _catalog[reading.Series].Definition.Name);
        }
    }

    [Fact]
    public async Task A_thread_for_fast_sensors_ends_with_the_last_of_them()
    {
        Thread? thread = null;
        var sensor = new ScriptedSensor(_time);
        var attempt = sensor.Attempt;
        sensor.Attempt = (values, stop) =>
        {
            thread = Thread.CurrentThread;
            return attempt(values, stop);
        };
        _group.Begin(Plan(sensor, "fast", TimeSpan.FromMilliseconds(1)));
        await _service.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => sensor.Begun.Count > 0, Patience, "it is read");

        await _group.ChangeAsync(_service);

        Assert.True(thread!.Join(Patience));
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_change_ends_what_ends_and_nothing_begins()
    {
        var sensor = new ScriptedSensor(_time) { Attempt = (_, stop) => new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, _time, stop)) };
        _group.Begin(Plan(sensor, "s", Second));
        await _service.StartAsync(CancellationToken.None);
        _time.Advance(Second);
        await Eventually.TrueAsync(() => sensor.Begun.Count == 1, Patience, "it is at work");
        Task retiring = _group.RetireAsync(_service);
        Assert.False(retiring.IsCompleted);

        await _service.StopAsync(CancellationToken.None).WaitAsync(Patience);
        await retiring.WaitAsync(Patience);
        var next = new ScriptedSensor(_time);
        await _group.ChangeAsync(_service, Plan(next, "next", Second));
        _time.Advance(10 * Second);

        Assert.Empty(_service.Sensors);
        Assert.Empty(next.Begun);
    }

    private static SensorPlan Plan(ISensor sensor, string series, TimeSpan interval, string group = "bus") =>
        new(sensor, new SensorOptions { Series = series, Interval = interval }, group);

    /// <summary>On the same bus and on others, fast and slow.</summary>
    private SensorPlan[] Fifty(int round) => [.. Enumerable.Range(0, 50).Select(i => Plan(
        new ScriptedSensor(_time), $"s{round}-{i}", TimeSpan.FromMilliseconds(i % 2 == 0 ? 15 : 40), i % 3 == 0 ? "bus" : $"bus-{i % 5}"))];
}
