using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Torture.Config;

/// <summary>kill -9 at every step of applying, proving and reverting: each call that changes a file of the device's revisions.</summary>
internal static class KilledCases
{
    /// <summary>The name under which a file is written before it takes the other's place. strace knows a rename by the first of its names.</summary>
    private const string Partial = ".partial";

    /// <summary>What a file is replaced by, in order.</summary>
    private static readonly (string Step, string Calls)[] Replacing =
    [
        ("opened", "openat"), ("written", "write,pwrite64"), ("synced", "fsync,fdatasync"), ("renamed", "rename,renameat,renameat2"),
    ];

    public static IReadOnlyList<TortureCase> All { get; } =
    [
        .. Replacing.Select(step => new TortureCase(
            $"killed as the state is {step.Step} when a revision comes", _ => AsItComesAsync(_ => RevisionStateFile.Name + Partial, step.Calls, 1))),
        .. Replacing.Select(step => new TortureCase(
            $"killed as the document is {step.Step}", _ => AsItComesAsync(hash => $"{hash}.json{Partial}", step.Calls, 1))),
        .. Replacing.Select(step => new TortureCase(
            $"killed as the state is {step.Step} when a trial begins", _ => AsItComesAsync(_ => RevisionStateFile.Name + Partial, step.Calls, 2))),
        .. Enumerable.Range(1, 3).Select(time => new TortureCase($"killed as the folder is synced for the {time}. time", _ => AsItComesAsync(_ => "", "fsync,fdatasync", time))),
        .. Replacing.Select(step => new TortureCase(
            $"killed as the state is {step.Step} when a revision is proven", _ => OnTrialAsync("""{ "batch": { "maximumAge": "250ms" } }""", step))),
        .. Replacing.Select(step => new TortureCase(
            $"killed as the state is {step.Step} when a revision is given up", _ => OnTrialAsync(ContentCases.NoSensors, step))),
    ];

    private static async Task<CaseResult> AsItComesAsync(Func<string, string> file, string calls, int when)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        long good = await device.PushGoodAsync();
        await device.OutcomeAsync(good);
        await device.SettledAsync();
        // What its name will be is known before the device hears of it.
        rig.Network.Cut();
        long number = await device.PushGoodAsync();
        string hash = (await rig.HistoryAsync(device.Name))!.Device.Hash;
        await using (await Strace.AttachAndKillAtAsync(device.Agent.Id, Path.Combine(device.Configs, file(hash)), calls, when, rig.Network.Restore))
        {
            await device.EndedAsync();
        }
        return await StartedAgainAsync(device, good, number);
    }

    private static async Task<CaseResult> OnTrialAsync(string document, (string Step, string Calls) step)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        long good = await device.PushGoodAsync();
        await device.OutcomeAsync(good);
        long number = await device.PushAsync(document);
        await device.OnTrialAsync(number);
        await using (await Strace.AttachAsync(device.Agent.Id, Path.Combine(device.Configs, RevisionStateFile.Name + Partial), step.Calls, "SIGKILL"))
        {
            await device.EndedAsync();
        }
        return await StartedAgainAsync(device, good, number);
    }

    /// <summary>Which of the two it is depends on the step; both are good, and it has to be the one that it tells.</summary>
    private static async Task<CaseResult> StartedAgainAsync(ConfigDevice device, long good, long number)
    {
        await device.StartAgainAsync();
        ReportView report = await device.OutcomeAsync(number);
        RevisionHeader trial = device.Remembered().Trial;
        bool isGood = report.Running == (report.Outcome == "applied" ? number : good) && trial.IsNone;
        return await device.CloseAsync(isGood, trial.IsNone ? ConfigDevice.Words(report) : $"{ConfigDevice.Words(report)} Revision {trial.Number} was on trial: {device.Agent.Output}");
    }
}
