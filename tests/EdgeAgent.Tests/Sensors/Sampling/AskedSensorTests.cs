using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

/// <summary>Reading a sensor because somebody asks, beside its rate.</summary>
public sealed class AskedSensorTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_sensor_that_is_asked_for_is_read_at_once_and_its_readings_are_stored_like_all_others()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Hour);
        fixture.Start();
        fixture.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Single(fixture.Readings());

        AskedValues asked = await Only(fixture).AskAsync().WaitAsync(Patience);
        Assert.Equal(("value", Measured.Good(1)), (asked.Quantities.Single().Name, asked.Values.Single()));
        Assert.Equal(asked.At.UnixNanoseconds, Assert.Single(fixture.Readings()).UnixNanoseconds);
        Assert.Equal(2, sensor.Begun.Count);
    }

    [Fact]
    public async Task Asking_moves_no_slot_and_leaves_none_out()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", TimeSpan.FromSeconds(1));
        fixture.Start();
        fixture.Advance(TimeSpan.FromMilliseconds(1_300));
        await Only(fixture).AskAsync().WaitAsync(Patience);
        fixture.Advance(TimeSpan.FromMilliseconds(2_000));
        Assert.Equal([0, 1_000, 1_300, 2_000, 3_000], sensor.Begun.Select(static at => Math.Floor(at.TotalMilliseconds / 10) * 10));
        Assert.Equal(0, fixture.Metrics.PollsLate.Sum);
    }

    [Fact]
    public async Task Whoever_asks_while_the_sensor_is_at_work_gets_that_outcome_and_it_is_never_read_twice_at_a_time()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Hour);
        var slow = new TaskCompletionSource();
        sensor.Attempt = (values, _) =>
        {
            Array.Fill(values, Measured.None(Quality.Checksum));
            return new ValueTask(slow.Task);
        };
        fixture.Start();
        fixture.Advance(TimeSpan.FromMilliseconds(100));
        Task<AskedValues> first = Only(fixture).AskAsync(), second = Only(fixture).AskAsync();
        Assert.Single(sensor.Begun);
        slow.SetResult();
        Assert.Equal(Quality.Checksum, (await first.WaitAsync(Patience)).Values[0].Quality);
        Assert.Same(await first, await second.WaitAsync(Patience));
        Assert.Single(sensor.Begun);
    }

    [Fact]
    public async Task Many_who_ask_at_once_and_again_and_again_are_all_answered()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Hour);
        int atWork = 0;
        sensor.Attempt = async (values, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref atWork));
            await Task.Yield();
            Interlocked.Decrement(ref atWork);
            Array.Fill(values, Measured.Good(2));
        };
        fixture.Start();
        fixture.Advance(TimeSpan.FromMilliseconds(10));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal(2, (await Only(fixture).AskAsync().WaitAsync(Patience)).Values[0].Value);
            }
        }))).WaitAsync(Patience * 2);
    }

    [Fact]
    public async Task A_driver_that_throws_is_an_outcome_and_a_stop_ends_the_question()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Hour);
        fixture.Start();
        fixture.Advance(TimeSpan.FromMilliseconds(10));
        sensor.Attempt = static (_, _) => throw new FormatException();
        Assert.Equal(Quality.Failed, (await Only(fixture).AskAsync().WaitAsync(Patience)).Values[0].Quality);

        await fixture.Service!.StopAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Only(fixture).AskAsync().WaitAsync(Patience));
    }

    private static SampledSensor Only(SamplingFixture fixture) => Assert.Single(fixture.Service!.Sensors);
}
