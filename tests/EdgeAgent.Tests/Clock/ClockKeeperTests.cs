using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Clock;

public sealed class ClockKeeperTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_is_known_is_written_down_as_soon_as_it_is_then_once_an_hour_and_at_the_end()
    {
        using var folder = new TemporaryFolder();
        using var metrics = new AgentMetrics();
        var machine = new TestMachine();
        AgentClock clock = TestClocks.Of(machine, folder["clock"]);
        using var keeper = new ClockKeeper(clock, metrics, machine.Time);
        await keeper.StartAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromMinutes(1), () => metrics.ClockKnown.Value == 0);
        Assert.False(File.Exists(folder["clock"]));

        // Nobody but the keeper looks at the clock.
        machine.Synchronize(Now);
        await PassAsync(TimeSpan.FromMinutes(1), () => Written() > Now && metrics.ClockKnown.Value == 1);
        DateTimeOffset first = Written();
        for (int minute = 0; minute < 30; minute++)
        {
            await PassAsync(TimeSpan.FromMinutes(1), () => true);
        }
        Assert.Equal(first, Written());
        await PassAsync(TimeSpan.FromMinutes(1), () => Written() >= first + TimeSpan.FromHours(1));
        DateTimeOffset second = Written();
        machine.Time.Advance(TimeSpan.FromMinutes(5));
        await keeper.StopAsync(CancellationToken.None);

        Assert.InRange(Written(), second + TimeSpan.FromMinutes(5), second + TimeSpan.FromMinutes(6));

        DateTimeOffset Written() => DateTimeOffset.UnixEpoch.AddTicks(new ClockFile(folder["clock"]).Read().LastGood / 100);

        Task PassAsync(TimeSpan step, Func<bool> isSo) => Eventually.TrueAsync(
            () =>
            {
                machine.Time.Advance(step);
                return isSo();
            },
            TimeSpan.FromSeconds(20), () => $"the keeper has written; the last time is {Written()}", TimeSpan.FromMilliseconds(1));
    }
}
