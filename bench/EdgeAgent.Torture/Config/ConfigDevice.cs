using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config;

/// <summary>One device: <c>edge-agent run</c> with a simulated sensor, whose readings show that the service hears of it.</summary>
internal sealed class ConfigDevice
{
    /// <summary>On a machine that is busy with other cases; a trial takes 10 s by itself.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    private const string Probe = "probe/temperature";
    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly ConfigRig _rig;
    private int _pushes;

    public ConfigDevice(ConfigRig rig, string name)
    {
        (_rig, Name) = (rig, name);
        IntakePort = Loopback.FreePort();
        Directory.CreateDirectory(rig.Folder[name]);
        File.WriteAllText(rig.Folder[$"{name}/agent.json"], OwnFile());
        Agent = new Supervised(name, IntakePort, "dotnet", Command);
    }

    public string Name { get; }

    public Supervised Agent { get; }

    /// <summary>Where a publisher connects to.</summary>
    public int IntakePort { get; }

    /// <summary>Its layer.</summary>
    public string Layer => $"device:{Name}";

    /// <summary>Where its revisions lie.</summary>
    public string Configs => RevisionStore.FolderIn(_rig.Folder[$"{Name}/state"]);

    /// <summary>The section <c>mqtt</c> of its own file, for revisions that say more.</summary>
    /// <param name="more">Rules beside its own, each with a comma before it.</param>
    public string Intake(string more = "") => $$"""
        "mqtt": [ {
          "listen": "mqtts://127.0.0.1:{{IntakePort}}", "certificate": "{{_rig.Certificates}}/server.crt", "key": "{{_rig.Certificates}}/server.key",
          "anonymous": true, "rules": [ {{TopicRules.Json}}{{more}} ]
        } ]
        """;

    /// <summary>The simulated sensor of its own file, for revisions that say more.</summary>
    /// <param name="interval">How often it is read.</param>
    /// <param name="more">Sensors beside it, each with a comma before it.</param>
    public static string Sensors(string interval = "500ms", string more = "") =>
        $$"""{ "bus": "simulated", "sensors": [ { "chip": "sht3x", "series": "probe", "interval": "{{interval}}" }{{more}} ] }""";

    /// <summary>Pushes to its layer, and says which revision came of it.</summary>
    public async Task<long> PushAsync(string document, bool bootstrap = false)
    {
        await _rig.PushAsync(Layer, document, bootstrap);
        return (await HistoryAsync()).Device.Number;
    }

    /// <summary>A small good revision that nobody has pushed yet.</summary>
    public Task<long> PushGoodAsync() => PushAsync($$"""{ "report": [ { "series": "nobody", "deadband": {{++_pushes}} } ] }""", bootstrap: true);

    /// <exception cref="InvalidOperationException">It has ended by itself.</exception>
    public async Task WatchingAsync() => await Eventually.TrueAsync(
        async () => Agent.HasExited ? throw new InvalidOperationException($"{Name} has ended: {LastWords}") : await _rig.HistoryAsync(Name) is { Device.IsWatching: true },
        Enough, () => $"{Name} waits for revisions; it said {LastWords}", TimeSpan.FromMilliseconds(100));

    /// <summary>Until it has told what became of a revision.</summary>
    /// <param name="number">The revision.</param>
    /// <param name="outcome">Until that; null: anything but that it is on trial.</param>
    public async Task<ReportView> OutcomeAsync(long number, string? outcome = null)
    {
        ReportView? report = null;
        await Eventually.TrueAsync(
            async () => (report = (await HistoryAsync()).Reports.FirstOrDefault(
                each => each.Number == number && (outcome is null ? each.Outcome != "on-trial" : each.Outcome == outcome))) is not null,
            Enough, () => $"{Name} tells what became of revision {number}; it said {LastWords}", TimeSpan.FromMilliseconds(100));
        return report!;
    }

    /// <summary>Until it has told that a revision is on trial, and knows that this was heard.</summary>
    public async Task OnTrialAsync(long number) => await Eventually.TrueAsync(
        () => Remembered().Events.Any(news => (long)news.Revision.Number == number && news is { Outcome: RevisionOutcome.OnTrial, IsTold: true }), Enough,
        () => $"revision {number} is on trial on {Name}; it said {LastWords}");

    /// <summary>Until the service has heard of everything, so that nothing more is written for a while.</summary>
    public async Task SettledAsync() => await Eventually.TrueAsync(
        () => Remembered().Events.All(news => news.IsTold), Enough, () => $"nothing is left to tell on {Name}; it said {LastWords}");

    /// <summary>Until the kernel has killed it.</summary>
    public async Task EndedAsync()
    {
        await Eventually.TrueAsync(() => Agent.HasExited, Enough, () => $"{Name} is killed; it said {LastWords}");
        await Agent.DisposeAsync();
    }

    /// <summary>As systemd does.</summary>
    public async Task StartAgainAsync()
    {
        Agent.Start();
        await Agent.ReadyAsync();
        await WatchingAsync();
    }

    /// <summary>kill -9, and what the next start finds then is of another boot.</summary>
    public async Task CutPowerAsync()
    {
        await Agent.KillAsync();
        RevisionState state = Remembered();
        RevisionStateFile.Write(Path.Combine(Configs, RevisionStateFile.Name), state with { Run = state.Run! with { Boot = Guid.NewGuid() } });
    }

    /// <summary>The agent again, started by another program.</summary>
    public Supervised Under(string program, IReadOnlyList<string> arguments) =>
        new(Name, IntakePort, program, [.. arguments, "dotnet", .. Command]);

    /// <summary>What its disk says.</summary>
    public RevisionState Remembered() => RevisionStateFile.Read(Configs);

    /// <summary>
    /// What every case ends with: the device is sent one more revision, which it applies, keeps, and delivers readings under. So it is reachable in both
    /// directions, and what it remembers is whole.
    /// </summary>
    /// <param name="isAsExpected">What became of the case's own revision.</param>
    /// <param name="detail">The same for people.</param>
    public async Task<CaseResult> CloseAsync(bool isAsExpected, string detail)
    {
        long closing = await PushGoodAsync();
        ReportView report = await OutcomeAsync(closing);
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond;
        await Eventually.TrueAsync(
            () =>
            {
                using var database = new StoredRows(_rig.DatabaseFile);
                return database.HasSince(Probe, now);
            },
            Enough, () => $"readings of {Name} are stored; it said {LastWords}", TimeSpan.FromMilliseconds(100));
        RevisionState state = Remembered();
        bool isGood = report.Outcome == "applied" && state.Trial.IsNone && (long)state.Good.Number == closing;
        return new CaseResult(true, isAsExpected && isGood, 0, 0, isGood ? detail : $"{detail} Then revision {closing} was {Words(report)}.");
    }

    /// <summary>A report for people.</summary>
    public static string Words(ReportView report) =>
        $"{report.Outcome}, {report.Running} runs. {string.Join(' ', report.Errors.Take(2).Select(error => $"{error.Pointer} {error.Message}".Trim()))}";

    private string[] Command => [ShippedProgram.Agent, "run", "--config", _rig.Folder[$"{Name}/agent.json"]];

    private string LastWords => Agent.Output.Length > 1500 ? Agent.Output[^1500..] : Agent.Output;

    private async Task<DeviceHistoryView> HistoryAsync() =>
        await _rig.HistoryAsync(Name) ?? throw new InvalidOperationException($"The service does not know {Name}.");

    private string OwnFile() => $$"""
        {
          "device": { "state": "{{_rig.Folder[$"{Name}/state"]}}" },
          "remote": { "trial": "10s" },
          "cloud": {
            "endpoint": "https://localhost:{{_rig.Network.Port}}", "ca": "{{_rig.Certificates}}/ca.crt", "proxy": "none",
            "certificate": "{{_rig.Certificates}}/device-{{Name}}.crt", "key": "{{_rig.Certificates}}/device-{{Name}}.key",
            "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "3s", "receiptTimeout": "3s"
          },
          "spool": { "path": "{{_rig.Folder[$"{Name}/spool"]}}", "maximumBytes": "16MiB", "freeSpaceFloor": "0B" },
          "batch": { "maximumAge": "200ms" },
          "i2c": [ {{Sensors()}} ],
          {{Intake()}}
        }
        """;
}
