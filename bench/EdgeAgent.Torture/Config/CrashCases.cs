using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config;

/// <summary>A revision under which the agent falls over, and a machine that loses its power. Whoever supervises the agent starts it again.</summary>
internal static class CrashCases
{
    private const int MostCrashes = 4;

    public static IReadOnlyList<TortureCase> All { get; } =
    [
        new("a revision that crashes the agent when it takes effect", _ => CrashesUnderItAsync()),
        new("a revision that crashes the agent while it is read", _ => CrashesAtItAsync()),
        new("two crashes under a revision that was good", _ => TwoCrashesAsync()),
        new("two power cuts in a row under a good revision", _ => TwoPowerCutsAsync()),
        new("two power cuts in a row during a trial", _ => PowerCutOnTrialAsync()),
        new("killed while the inside is built anew", _ => KilledWhileRebuildingAsync()),
    ];

    private static async Task<CaseResult> CrashesUnderItAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        // The own file's intake has its port already, and reading a revision takes none.
        await device.Agent.ReadyAsync();
        await using (await Strace.AttachAsync(device.Agent.Id, null, "bind", "SIGSYS"))
        {
            await device.PushAsync(
                $$"""{ {{device.Intake().TrimEnd(' ', ']')}}, { "listen": "mqtt://127.0.0.1:{{Loopback.FreePort()}}", "rules": [ { "topic": "a", "series": "a" } ] } ] }""");
            await device.EndedAsync();
        }
        await device.StartAgainAsync();
        ReportView report = await device.OutcomeAsync(1);
        return await device.CloseAsync(report is { Outcome: "reverted", Running: 0 }, ConfigDevice.Words(report));
    }

    /// <summary>Worse: at that moment nothing has been brought into force yet, and the service sends it again to each start.</summary>
    private static async Task<CaseResult> CrashesAtItAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        await device.OutcomeAsync(await device.PushGoodAsync());
        await device.OutcomeAsync(await device.PushGoodAsync());
        string passwords = rig.Folder["passwords"];
        await File.WriteAllTextAsync(passwords, "");
        await device.Agent.KillAsync();
        long number = await device.PushAsync(
            $$"""{ "mqtt": [ { "listen": "mqtt://127.0.0.1:{{Loopback.FreePort()}}", "passwordFile": "{{passwords}}", "rules": [ { "topic": "a", "series": "a" } ] } ] }""");
        int crashes = 0;
        while (crashes < MostCrashes && device.Remembered().Events.All(news => (long)news.Revision.Number != number))
        {
            await using Supervised traced = device.Under("strace", Strace.Arguments(passwords, "openat", "SIGSYS"));
            traced.Start();
            await Eventually.TrueAsync(
                () => traced.HasExited || device.Remembered().Events.Any(news => (long)news.Revision.Number == number), TimeSpan.FromMinutes(2),
                () => $"it crashes or gives the revision up; it said {traced.Output}");
            crashes += traced.HasExited ? 1 : 0;
        }
        await device.StartAgainAsync();
        ReportView report = await device.OutcomeAsync(number);
        return await device.CloseAsync(report is { Outcome: "rejected", Running: 2 } && crashes == 1, $"{crashes} crash. {ConfigDevice.Words(report)}");
    }

    private static async Task<CaseResult> TwoCrashesAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        long before = await device.PushGoodAsync();
        await device.OutcomeAsync(before);
        long number = await device.PushGoodAsync();
        await device.OutcomeAsync(number);
        for (int crash = 0; crash < RunRecord.MostCrashes; crash++)
        {
            await device.Agent.KillAsync();
            await device.StartAgainAsync();
        }
        ReportView report = await device.OutcomeAsync(number, "reverted");
        return await device.CloseAsync(report.Running == before, ConfigDevice.Words(report));
    }

    private static async Task<CaseResult> TwoPowerCutsAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        long number = await device.PushGoodAsync();
        await device.OutcomeAsync(number);
        for (int cut = 0; cut < RunRecord.MostCrashes; cut++)
        {
            await device.CutPowerAsync();
            await device.StartAgainAsync();
        }
        bool isKept = (long)device.Remembered().Good.Number == number;
        return await device.CloseAsync(isKept, $"after {RunRecord.MostCrashes} power cuts revision {device.Remembered().Good.Number} runs.");
    }

    private static async Task<CaseResult> PowerCutOnTrialAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        long good = await device.PushGoodAsync();
        await device.OutcomeAsync(good);
        // It cannot prove itself and tell it before the power is gone, and nobody hears of the first start.
        long number = await device.PushAsync(ContentCases.NoSensors);
        await device.OnTrialAsync(number);
        await device.CutPowerAsync();
        rig.Network.Cut();
        device.Agent.Start();
        await Eventually.TrueAsync(() => device.Remembered().Trial.IsNone, TimeSpan.FromMinutes(2), "the trial is over");
        await device.CutPowerAsync();
        rig.Network.Restore();
        await device.StartAgainAsync();
        ReportView report = await device.OutcomeAsync(number);
        return await device.CloseAsync(report.Outcome == "reverted" && report.Running == good, ConfigDevice.Words(report));
    }

    private static async Task<CaseResult> KilledWhileRebuildingAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        long good = await device.PushGoodAsync();
        await device.OutcomeAsync(good);
        long number = await device.PushAsync("""{ "cloud": { "sessionTime": "2s" } }""");
        await Eventually.TrueAsync(
            () => device.Agent.Output.Contains("built anew", StringComparison.Ordinal), TimeSpan.FromMinutes(2), "the inside is built anew", TimeSpan.FromMilliseconds(1));
        await device.Agent.KillAsync();
        await device.StartAgainAsync();
        ReportView report = await device.OutcomeAsync(number);
        return await device.CloseAsync(report.Outcome == "reverted" && report.Running == good, ConfigDevice.Words(report));
    }
}
