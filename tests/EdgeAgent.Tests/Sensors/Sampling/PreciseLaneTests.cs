using EdgeAgent.Diagnostics;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class PreciseLaneTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_sensor_of_1000_Hz_is_read_in_every_millisecond_on_a_thread_of_its_own()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", Millisecond);
        Thread? reader = null;
        var attempt = sensor.Attempt;
        sensor.Attempt = (values, stop) =>
        {
            reader = Thread.CurrentThread;
            return attempt(values, stop);
        };
        fixture.Start();
        await Read(fixture, 1);
        for (int i = 1; i <= 100; i++)
        {
            fixture.Time.Advance(Millisecond);
            await Read(fixture, i + 1);
        }

        Assert.Equal("sampling bus", reader!.Name);
        Assert.Equal(0, fixture.Metrics.PollsLate.Sum);
        long[] times = [.. fixture.Readings().Select(reading => reading.UnixNanoseconds)];
        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.Equal(1_000_000, gap));
    }

    [Fact]
    public async Task A_fast_sensor_that_waits_does_not_hold_the_other_ones_of_its_group()
    {
        using var fixture = new SamplingFixture();
        var converting = new TaskCompletionSource();
        ScriptedSensor slow = fixture.Add("slow", Millisecond);
        slow.Attempt = (_, _) => new ValueTask(converting.Task);
        fixture.Add("fast", Millisecond);
        fixture.Start();
        await Read(fixture, 1);
        for (int i = 1; i <= 10; i++)
        {
            fixture.Time.Advance(Millisecond);
            await Read(fixture, i + 1);
        }
        Assert.Single(slow.Begun);

        // Back from the pool while the thread waits: the thread is woken, and the latest slot that has passed is met.
        converting.SetResult();
        await Eventually.TrueAsync(() => slow.Begun.Count >= 2, Patience, "the slow one is begun again");
        Assert.True(fixture.Metrics.PollsLate.Of("bus").Value > 0);
    }

    [Fact]
    public async Task Without_a_fast_sensor_there_is_no_thread()
    {
        using var fixture = new SamplingFixture();
        ScriptedSensor sensor = fixture.Add("a", TimeSpan.FromMilliseconds(20));
        string? reader = "none";
        sensor.Attempt = (_, _) =>
        {
            reader = Thread.CurrentThread.Name;
            return ValueTask.CompletedTask;
        };
        fixture.Start();

        fixture.Advance(Millisecond * 20);
        await Read(fixture, 1);

        Assert.NotEqual("sampling bus", reader);
    }

    private static Task Read(SamplingFixture fixture, int readings) => Eventually.TrueAsync(
        () => fixture.Metrics.ReadingsRead[ReadingSource.Kernel] >= readings, Patience, () => $"{readings} have been read", TimeSpan.Zero);
}
