using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config;

/// <summary>Good revisions while readings flow, and a bad one for several devices.</summary>
internal static class FleetCases
{
    private const int Rate = 200;
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<TortureCase> All { get; } =
    [
        new("sensors, rules and rates change while a publisher runs", _ => WhilePublishingAsync(isChangedAlone: true)),
        new("the inside is built anew while a publisher runs", _ => WhilePublishingAsync(isChangedAlone: false)),
        new("a bad revision for four devices stops at the first two", _ => RolloutAsync()),
    ];

    private static async Task<CaseResult> WhilePublishingAsync(bool isChangedAlone)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        await device.Agent.ReadyAsync();
        var feed = new Feed("intake", 1);
        await using Publisher publisher = Publisher.Start($"{rig.Certificates}/ca.crt", Rate, (feed, device.IntakePort));
        await Eventually.TrueAsync(() => feed.AcknowledgedCount > 0, Enough, "messages pass");
        int process = device.Agent.Id;
        string told = "";
        bool areApplied = true;
        foreach (string document in isChangedAlone ? Changes(device) : ["""{ "cloud": { "sessionTime": "2s" } }""", """{ "cloud": { "sessionTime": "3s" } }"""])
        {
            ReportView report = await device.OutcomeAsync(await device.PushAsync(document));
            areApplied &= report.Outcome == "applied";
            told = ConfigDevice.Words(report);
        }
        bool isBuiltAnew = device.Agent.Output.Contains("built anew", StringComparison.Ordinal);
        bool isRight = areApplied && isBuiltAnew != isChangedAlone && device.Agent.Id == process;
        // The last of it goes the way back to the rules that it began with.
        CaseResult result = await device.CloseAsync(isRight, told);
        await publisher.FinishAsync(Enough);
        Verdict verdict = await StoredAsync(rig, feed);
        string detail = string.Create(
            CultureInfo.InvariantCulture, $"{verdict.Acknowledged} acknowledged messages by value, {feed.SentAgainCount} sent again, {verdict.Wrong} wrong. {result.Detail} {string.Join(' ', verdict.Examples)}");
        return result with
        {
            IsRecovered = result.IsRecovered && verdict.Wrong == 0 && verdict.Acknowledged > Rate,
            Lost = verdict.Lost,
            Duplicated = verdict.Duplicated,
            Detail = detail,
        };
    }

    /// <summary>What is acknowledged is on the device's disk, and on its way.</summary>
    private static async Task<Verdict> StoredAsync(ConfigRig rig, Feed feed)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Verdict verdict = Verdict.Of([feed], StoredFeed.Read(rig.DatabaseFile, [feed.Name]));
            if (verdict.Lost == 0 || Stopwatch.GetElapsedTime(started) > Enough)
            {
                return verdict;
            }
            await Task.Delay(200);
        }
    }

    /// <summary>Each touches something else of what runs: a sensor more and another rate, a rule of the intake more, thresholds and batches.</summary>
    private static string[] Changes(ConfigDevice device) =>
    [
        $$"""{ "i2c": [ {{ConfigDevice.Sensors("200ms", """, { "chip": "bme280", "series": "air", "interval": "250ms" }""")}} ] }""",
        $$"""{ "i2c": [ {{ConfigDevice.Sensors()}} ], {{device.Intake(""", { "topic": "other/#", "series": "other", "payload": "number" }""")}} }""",
        $$"""{ {{device.Intake()}}, "report": [ { "series": "air/*", "deadband": 0.5 } ], "batch": { "maximumAge": "300ms" } }""",
    ];

    private static async Task<CaseResult> RolloutAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync(devices: 4);
        RolloutView pushed = await rig.PushAsync("fleet", ContentCases.NoSensors, stages: "2,100%");
        RolloutDetailView now = await rig.RolloutAsync(pushed.Number);
        await Eventually.TrueAsync(
            async () => (now = await rig.RolloutAsync(pushed.Number)).Rollout.State == "stopped", Enough, () => $"the rollout stops; it is {now.Rollout}", TimeSpan.FromMilliseconds(200));
        string[] reached = [.. now.Devices.Where(device => device.Sent is not null).Select(device => device.Device)];
        await Task.WhenAll(rig.Devices.Where(device => reached.Contains(device.Name)).Select(device => device.OutcomeAsync(1)));
        // Who was reached has gone back by itself; what it should run is still the bad version until somebody takes that back.
        await rig.WithdrawAsync(pushed.Number);
        CaseResult[] all = await Task.WhenAll(rig.Devices.Select(device => device.CloseAsync(true, "")));
        return all[0] with
        {
            IsReachable = all.All(result => result.IsReachable),
            IsRecovered = all.All(result => result.IsRecovered) && reached.Length == 2,
            Detail = $"{now.Rollout.Reason} It had reached {string.Join(" and ", reached)}.",
        };
    }
}
