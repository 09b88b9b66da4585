namespace EdgeAgent.Torture.Config.Identity;

/// <summary>A power cut, as far as a process can have one, at each step that enrolment and renewal take on the disk.</summary>
internal static class KilledCases
{
    /// <summary>How one file is replaced; that a file is begun says that the one before it, with its folder, is synced.</summary>
    private static readonly string[] Replacing = ["unlink", "pwrite64", "fdatasync", "rename"];

    /// <summary>The certificate before is not needed any more.</summary>
    private static readonly (string File, string Call)[] Forgetting = [("1.key", "unlink"), ("1.request", "unlink"), ("1.chain", "unlink")];

    private static readonly TimeSpan DueAtOnce = TimeSpan.FromMinutes(1);

    public static IEnumerable<TortureCase> All =>
    [
        .. Steps(["1.key", "1.request", "roots.pem", "1.chain", "current"])
            .Select(static step => new TortureCase($"killed while it enrols, at {step.Call} of {step.File}", _ => EnrollingAsync(step.File, step.Call))),
        .. Steps(["2.key", "2.request", "roots.pem", "2.chain", "current"]).Concat(Forgetting)
            .Select(static step => new TortureCase($"killed while it renews, at {step.Call} of {step.File}", _ => RenewingAsync(step.File, step.Call))),
    ];

    private static IEnumerable<(string File, string Call)> Steps(string[] files) => from file in files from call in Replacing select ($"{file}.partial", call);

    private static async Task<CaseResult> EnrollingAsync(string file, string call)
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        rig.StartPublisher();
        await rig.KillAtAsync(file, call);
        return await FinishAsync(rig, 1);
    }

    private static async Task<CaseResult> RenewingAsync(string file, string call)
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        await rig.EnrolAsync(DueAtOnce);
        rig.StartPublisher();
        await rig.KillAtAsync(file, call);
        int said = rig.Store.Said;
        CaseResult result = await FinishAsync(rig, 2);
        return result with { IsRecovered = result.IsRecovered && said is 1 or 2, Detail = $"Certificate {said} was in force. {result.Detail}" };
    }

    /// <summary>The next process goes on from the files, with the token that lies there.</summary>
    private static async Task<CaseResult> FinishAsync(IdentityRig rig, int generation)
    {
        rig.Agent.Start();
        await rig.InForceAsync(generation);
        await rig.ReachedAsync("after the kill");
        return await rig.JudgeAsync($"Certificate {generation} is in force.");
    }
}
