using System.Diagnostics;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Torture.Config.Identity;

/// <summary>What a person decides about a device while it uploads.</summary>
internal static class DecisionCases
{
    /// <summary>The promise: a decision takes effect on open streams within seconds.</summary>
    private static readonly TimeSpan EffectiveWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long it is watched that nothing comes any more.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(8);

    public static IEnumerable<TortureCase> All =>
    [
        new("revoked while streaming, and restored", _ => DecidedAsync(IdentityViews.Revoked, static rig => Task.FromResult(rig.Cloud))),
        new("quarantined while streaming, and released", _ => DecidedAsync(IdentityViews.Quarantined, static rig => Task.FromResult(rig.Cloud))),
        new(
            "revoked on another instance over the same data, and restored there",
            _ => DecidedAsync(IdentityViews.Revoked, static rig => OwnCloud.StartAsync(rig.ServiceData))),
        new("revoked and released, and enrolled again", _ => EnrolledAgainAsync()),
    ];

    private static async Task<CaseResult> DecidedAsync(string standing, Func<IdentityRig, Task<OwnCloud>> instance)
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        OwnCloud elsewhere = await instance(rig);
        try
        {
            await StreamAsync(rig);
            TimeSpan ended = await EndAsync(rig, elsewhere, standing);
            (int stored, int acknowledged) = rig.Count();
            await elsewhere.DecideAsync(IdentityRig.Device, IdentityViews.Active, restore: true);
            await rig.ReachedAsync("after the release");
            CaseResult result = await rig.JudgeAsync($"Uploads ended after {ended.TotalSeconds:F1} s; {acknowledged - stored} messages waited on the device.");
            return result with { IsRecovered = result.IsRecovered && ended < EffectiveWithin && acknowledged > stored };
        }
        finally
        {
            if (elsewhere != rig.Cloud)
            {
                await elsewhere.DisposeAsync();
            }
        }
    }

    /// <summary>What was issued before counts for nothing for ever, and the readings arrive by what is issued after.</summary>
    private static async Task<CaseResult> EnrolledAgainAsync()
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        await StreamAsync(rig);
        TimeSpan ended = await EndAsync(rig, rig.Cloud, IdentityViews.Revoked);
        await rig.Cloud.DecideAsync(IdentityRig.Device, IdentityViews.Active);
        await rig.TakeTokenAsync();
        await rig.EnrolAsync(rig.Cloud.Identity.DeviceLifetime);
        await rig.InForceAsync(2);
        await rig.ReachedAsync("after it was enrolled again");
        CaseResult result = await rig.JudgeAsync($"Uploads ended after {ended.TotalSeconds:F1} s; it was enrolled again.");
        return result with { IsRecovered = result.IsRecovered && ended < EffectiveWithin };
    }

    private static async Task StreamAsync(IdentityRig rig)
    {
        rig.Agent.Start();
        rig.StartPublisher();
        await rig.ReachedAsync("before the decision");
    }

    /// <returns>How long after the decision the last readings were stored.</returns>
    private static async Task<TimeSpan> EndAsync(IdentityRig rig, OwnCloud instance, string standing)
    {
        await instance.DecideAsync(IdentityRig.Device, standing);
        long decided = Stopwatch.GetTimestamp();
        TimeSpan last = TimeSpan.Zero;
        int stored = rig.Count().Stored;
        while (Stopwatch.GetElapsedTime(decided) < Watched)
        {
            await Task.Delay(100);
            int now = rig.Count().Stored;
            last = now == stored ? last : Stopwatch.GetElapsedTime(decided);
            stored = now;
        }
        return last;
    }
}
