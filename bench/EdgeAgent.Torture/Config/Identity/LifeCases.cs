using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config.Identity;

/// <summary>A certificate's life: renewed in time, too late, without a clock, and under an authority that is replaced.</summary>
internal static class LifeCases
{
    private const string SimulatedSensor = """
        "i2c": [ { "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "feed/air", "interval": "1s" } ] } ]
        """;

    private static readonly TimeSpan DueAtOnce = TimeSpan.FromMinutes(1), Day = TimeSpan.FromDays(1);

    /// <summary>
    /// How long ago a device was put into the warehouse. Less than the 90 days for which the service's own certificate counts, by which it is enrolled there.
    /// </summary>
    private static readonly TimeSpan Stored = TimeSpan.FromDays(80);

    public static IEnumerable<TortureCase> All =>
    [
        new("renewed while readings are uploaded", _ => RenewedAsync()),
        new("expired while offline, within the time of grace", _ => ExpiredAsync()),
        new("expired while offline, beyond the time of grace", _ => ExpiredForTooLongAsync()),
        new("expired, and the clock is at 1970 during the renewal", _ => WithoutClockAsync()),
        new("the authority is replaced", _ => RolledOverAsync()),
    ];

    private static async Task<CaseResult> RenewedAsync()
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        await rig.EnrolAsync(DueAtOnce);
        rig.StartPublisher();
        rig.Agent.Start();
        await rig.InForceAsync(2);
        await rig.ReachedAsync("under the new certificate");
        return await rig.JudgeAsync("Certificate 2 is in force.");
    }

    private static async Task<CaseResult> ExpiredAsync()
    {
        await using IdentityRig rig = await FromWarehouseAsync();
        rig.StartPublisher();
        rig.Agent.Start();
        await rig.InForceAsync(2);
        await rig.ReachedAsync("after the renewal");
        return await rig.JudgeAsync("Certificate 1 had expired; 2 is in force.");
    }

    private static async Task<CaseResult> ExpiredForTooLongAsync()
    {
        await using IdentityRig rig = await FromWarehouseAsync();
        rig.Cloud.Identity.Grace = Day;
        rig.StartPublisher();
        rig.Agent.Start();
        await rig.SaysAsync("does not renew it any more");
        int stored = rig.Count().Stored;
        // What the log tells a person to do.
        await rig.TakeTokenAsync();
        await rig.EnrolAsync(rig.Cloud.Identity.DeviceLifetime);
        await rig.InForceAsync(2);
        await rig.ReachedAsync("after it was enrolled again");
        CaseResult result = await rig.JudgeAsync("It was kept out, the log said what to do, and it was enrolled again.");
        return result with { IsRecovered = result.IsRecovered && stored == 0 };
    }

    /// <summary>The agent in this process, because nothing gives a process another time.</summary>
    private static async Task<CaseResult> WithoutClockAsync()
    {
        await using IdentityRig rig = await FromWarehouseAsync();
        rig.PointTo(rig.Cloud, SimulatedSensor, clock: """ "trust": "kernel" """);
        if (!AgentConfiguration.TryReadFile(rig.ConfigurationFile, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors))
        {
            throw new InvalidOperationException(string.Join('\n', errors));
        }
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using AgentHost agent = AgentHost.Create(configuration, time);
        await agent.StartAsync();
        using var rows = new StoredRows(rig.Cloud.DatabaseFile);
        bool isRenewed = await PassAsync(time, () => rig.Store.Said == 2 && rig.Store.HighestBelow(2) == 0);
        long before = rows.CountRaw();
        bool isReachable = await PassAsync(time, () => rows.CountRaw() > before + 10);
        Task stopping = agent.StopAsync();
        await PassAsync(time, () => stopping.IsCompleted);
        await stopping;
        long read = agent.Metrics.ReadingsRead[ReadingSource.I2c], stored = rows.CountRaw();
        return new CaseResult(
            isReachable, isRenewed, Lost: Math.Max(0, read - stored - rows.CountLost()), Duplicated: Math.Max(0, stored - read),
            $"Certificate {rig.Store.Said} is in force; {stored} of {read} readings are stored.");
    }

    private static async Task<CaseResult> RolledOverAsync()
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        await rig.EnrolAsync(DueAtOnce);
        await rig.Cloud.RollAuthorityAsync();
        rig.StartPublisher();
        rig.Agent.Start();
        await rig.InForceAsync(2);
        int roots = rig.Store.ReadRoots().Count;
        await rig.Cloud.FinishAuthorityAsync();
        // The next connection is to a service whom only the new root vouches for.
        rig.Cloud.Network.Cut();
        rig.Cloud.Network.Restore();
        await rig.ReachedAsync("after the end of the rollover");
        CaseResult result = await rig.JudgeAsync($"It trusts {roots} roots, and the service by the newer one.");
        return result with { IsRecovered = result.IsRecovered && roots == 2 };
    }

    /// <summary>A device whose certificate ended long ago.</summary>
    private static async Task<IdentityRig> FromWarehouseAsync()
    {
        IdentityRig rig = await IdentityRig.StartAsync(-Stored);
        await rig.EnrolAsync(Day);
        rig.Cloud.ClockError = TimeSpan.Zero;
        return rig;
    }

    /// <summary>Lets the agent's time pass until something is so.</summary>
    private static async Task<bool> PassAsync(ManualTimeProvider time, Func<bool> isSo)
    {
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(100));
                    return isSo();
                },
                IdentityRig.Enough, "it has come to that");
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
