using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Samples;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>A whole agent on a board that starts in 1970 and has neither a battery nor NTP, whose time a test lets pass, and the real service.</summary>
public sealed class BoardWithoutClockTests
{
    // Nobody asks this device: with the short pauses of tests, sixty days of attempts at a session would be a million connections.
    private const string Sensor = """
        "remote": { "allow": [ "none" ] },
        "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "air", "interval": "2h" } ] } ]
        """;

    private const int ValuesInAPoll = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(2);
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    /// <summary>Sixty days: beyond 24.8, where signed milliseconds end, and 49.7, where unsigned ones do.</summary>
    private const int Polls = 720;

    [Fact]
    public async Task Two_months_without_a_network_are_in_the_store_with_the_right_times_once_the_service_has_said_what_time_it_is()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        cloud.Network.Cut();
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using AgentHost agent = CreateAgent(cloud, time);
        await agent.StartAsync();

        // Nothing waits for the network, nor for the time.
        await PollAsync(agent, time, 1);
        TimeSpan first = time.GetElapsedTime(0);
        for (int poll = 2; poll <= Polls; poll++)
        {
            // The wall clock jumps, and with it nothing.
            time.SetWallClock(time.GetUtcNow().AddYears(poll % 100 == 0 ? 10 : poll % 100 == 50 && poll > 100 ? -10 : 0));
            await PollAsync(agent, time, poll);
        }
        TimeSpan lastedFor = time.GetElapsedTime(0) - first;
        cloud.Network.Restore();
        DateTimeOffset online = DateTimeOffset.UtcNow;
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return Count(cloud) >= Polls * ValuesInAPoll;
            },
            Enough, () => $"all is stored; there are {Count(cloud)}", TimeSpan.FromMilliseconds(20));
        await agent.StopAsync();

        (string Series, long UnixNanoseconds, double Value)[] rows = Rows(cloud);
        Assert.Equal(Polls * ValuesInAPoll, rows.Length);
        foreach (IGrouping<string, (string Series, long UnixNanoseconds, double Value)> series in rows.GroupBy(row => row.Series))
        {
            DateTimeOffset[] times = [.. series.Select(row => DateTimeOffset.UnixEpoch.AddTicks(row.UnixNanoseconds / 100)).Order()];
            Assert.Equal(Polls, times.Length);
            // The test's minute of getting online is the largest that the agent can be wrong by.
            Assert.InRange(times[0], online - lastedFor - Interval - Enough, DateTimeOffset.UtcNow - lastedFor + Enough);
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, Interval - Enough, Interval + Enough));
        }
        Assert.Equal(0, agent.Metrics.PollsLate.Sum);
    }

    /// <summary>Lets time pass until a sensor has been read so many times.</summary>
    private static async Task PollAsync(AgentHost agent, ManualTimeProvider time, int polls)
    {
        if (polls > 1)
        {
            time.Advance(Interval);
        }
        await Eventually.TrueAsync(
            () =>
            {
                // The chip takes a few milliseconds.
                time.Advance(TimeSpan.FromMilliseconds(1));
                return agent.Metrics.ReadingsRead[ReadingSource.I2c] >= polls * ValuesInAPoll;
            },
            Enough, () => $"there are {polls} polls", TimeSpan.Zero);
    }

    private static AgentHost CreateAgent(Cloud cloud, ManualTimeProvider time) =>
        AgentConfiguration.TryReadFile(AgentSettings.Write(cloud, Sensor), out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors)
            ? AgentHost.Create(configuration, time)
            : throw new QuickstartException(string.Join('\n', errors));

    private static long Count(Cloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        return database.Count();
    }

    private static (string Series, long UnixNanoseconds, double Value)[] Rows(Cloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        return [.. database.All()];
    }
}
