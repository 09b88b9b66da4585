using System.Net;
using EdgeAgent.Clock;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Doctor.Drills;

/// <summary>
/// The device starts in 1970, its clock jumps to 1980, and then the time becomes known. Nobody may set the machine's clock for that: a whole agent runs in this process,
/// over a wall clock that belongs to the drill.
/// </summary>
internal static class ClockDrill
{
    /// <summary>The agent looks at the clock once a second at most, so that much may pass before it knows better.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private static readonly DateTimeOffset[] Wrong = [DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(10)];

    /// <returns>What was acknowledged, and between which instants of the real time.</returns>
    /// <exception cref="IOException">The agent cannot run here.</exception>
    public static async Task<IReadOnlyDictionary<int, (DateTimeOffset Sent, DateTimeOffset Acknowledged)>> RunAsync(
        DrillSandbox sandbox, TimeSpan length, TimeProvider time, CancellationToken cancellationToken)
    {
        sandbox.Configure(port: 0, DrillSizes.Cap, freeSpaceFloor: 0);
        if (!AgentConfiguration.TryReadFile(sandbox.ConfigurationFile, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors))
        {
            throw new IOException(string.Join('\n', errors));
        }
        var clock = new DrillTime();
        clock.Set(Wrong[0]);
        await using AgentHost agent = AgentHost.Create(configuration, clock);
        await agent.StartAsync(cancellationToken).ConfigureAwait(false);
        IPEndPoint[] intakes = await agent.IntakesAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        using var publisher = new DrillPublisher(intakes[0].Port, 0, DrillLoad.Messages, time);
        if (!await publisher.TryConnectAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new IOException("The drill's agent does not take messages.");
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task publishing = publisher.RunAsync(stop.Token);
        foreach (DateTimeOffset wrong in Wrong)
        {
            clock.Set(wrong);
            await Task.Delay(length / 3, time, cancellationToken).ConfigureAwait(false);
        }
        clock.SetRight();
        AgentClock known = agent.Services.GetRequiredService<AgentClock>();
        while (!known.IsKnown)
        {
            await Task.Delay(Tolerance / 40, time, cancellationToken).ConfigureAwait(false);
        }
        await Task.Delay(length / 3, time, cancellationToken).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await publishing.ConfigureAwait(false);
        await agent.StopAsync(cancellationToken).ConfigureAwait(false);
        return publisher.Acknowledged;
    }

    /// <summary>Those that do not have the time at which the agent has taken them.</summary>
    public static int CountWrong(IReadOnlyDictionary<int, (DateTimeOffset Sent, DateTimeOffset Acknowledged)> acknowledged, IReadOnlyDictionary<int, long> found) =>
        acknowledged.Count(message => found.TryGetValue(message.Key, out long nanoseconds) && UnixTime.Instant(nanoseconds) is var at
            && (at < message.Value.Sent - Tolerance || at > message.Value.Acknowledged + Tolerance));
}
