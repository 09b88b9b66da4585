using System.CommandLine;
using EdgeAgent.Commands;
using EdgeAgent.Identity;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Config.Identity;

/// <summary>The agent as a process that gets its certificate itself, a publisher that it serves, the service, and a folder for all of it.</summary>
internal sealed class IdentityRig : IAsyncDisposable
{
    public const string Device = "pump-7";

    /// <summary>Messages of whoever is not the agent, which are counted as its are.</summary>
    public const string Foreign = "foreign";

    /// <summary>Messages a second: enough to be in the middle of some at any moment, and few enough for a small machine.</summary>
    private const int Rate = 40;

    /// <summary>A machine may be busy with several of these.</summary>
    public static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new("feed", qualityOfService: 1);
    private readonly int _intakePort = Loopback.FreePort();
    private Publisher? _publisher;

    private IdentityRig() => DevelopmentAuthority.Create(_folder["certificates"], [], []);

    public OwnCloud Cloud { get; private set; } = null!; // set before anybody gets the rig

    public Supervised Agent { get; private set; } = null!;

    public IdentityStore Store => IdentityStore.Of(new IdentityOptions { Folder = IdentityFolder });

    public string ServiceData => _folder["ingestion"];

    public string RootFile => _folder["root.crt"];

    public string ConfigurationFile => _folder["agent.json"];

    /// <summary>What the device is enrolled with.</summary>
    public string Token => File.ReadAllText(_folder["token"]);

    private string IdentityFolder => _folder["state/identity"];

    private string Intake => $$"""
        "mqtt": [ { "listen": "mqtts://127.0.0.1:{{_intakePort}}", "certificate": "{{_folder["certificates"]}}/server.crt",
          "key": "{{_folder["certificates"]}}/server.key", "anonymous": true, "rules": [ {{TopicRules.Json}} ] } ]
        """;

    /// <summary>The service is there, and a token for the device lies where the agent finds it. The agent is not started.</summary>
    /// <param name="clockError">How far the service's clock is from the right time at first.</param>
    public static async Task<IdentityRig> StartAsync(TimeSpan clockError = default)
    {
        var rig = new IdentityRig();
        rig.Cloud = await OwnCloud.StartAsync(rig.ServiceData, clockError);
        File.Copy(rig.Cloud.RootFile(1), rig.RootFile);
        await rig.TakeTokenAsync();
        rig.PointTo(rig.Cloud);
        rig.Agent = new Supervised("agent", rig._intakePort, "dotnet", ShippedProgram.Agent, "run", "--config", rig.ConfigurationFile);
        return rig;
    }

    /// <summary>A new token for the device lies where the agent finds it.</summary>
    public async Task TakeTokenAsync() => await File.WriteAllTextAsync(_folder["token"], await Cloud.CreateTokenAsync(Device));

    /// <summary>Writes the agent's configuration. Everything that waits, waits for seconds instead of minutes; sessions are short, so that receipts are many.</summary>
    /// <param name="cloud">Where it reports to.</param>
    /// <param name="sources">The sections of its sources, as JSON members; null: what the publisher needs.</param>
    /// <param name="clock">The section of its clock.</param>
    public void PointTo(OwnCloud cloud, string? sources = null, string clock = """ "trust": "always" """) => File.WriteAllText(ConfigurationFile, $$"""
        {
          "device": { "state": "{{_folder["state"]}}" }, "clock": { {{clock}} },
          "identity": { "token": { "file": "{{_folder["token"]}}" }, "renewSpread": "0s" },
          "cloud": {
            "endpoint": "https://localhost:{{cloud.Network.Port}}", "ca": "{{RootFile}}", "proxy": "none",
            "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "10s", "receiptTimeout": "10s", "sessionTime": "1s"
          },
          "spool": { "path": "{{_folder["spool"]}}" }, "batch": { "maximumAge": "200ms" },
          {{sources ?? Intake}}
        }
        """);

    /// <summary><c>edge-agent enroll</c>, in this process.</summary>
    /// <param name="lifetime">Of the certificate; the next ones are of the length that they have by default.</param>
    public async Task EnrolAsync(TimeSpan lifetime)
    {
        TimeSpan normal = Cloud.Identity.DeviceLifetime;
        Cloud.Identity.DeviceLifetime = lifetime;
        using var output = new StringWriter();
        int exitCode = await new RootCommand { EnrollCommand.Create() }.Parse(["enroll", "--token", Token, "--config", ConfigurationFile])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        Cloud.Identity.DeviceLifetime = normal;
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"edge-agent enroll: {exitCode} {output}");
        }
    }

    /// <summary>Runs the agent until it enters one call of the kernel on one of the identity's files, where its whole tree is killed.</summary>
    /// <exception cref="InvalidOperationException">It never came to that.</exception>
    public Task KillAtAsync(string file, string call) => KilledProgram.RunAsync(Path.Combine(IdentityFolder, file), call, ["run", "--config", ConfigurationFile]);

    public void StartPublisher() => _publisher = Publisher.Start(Path.Combine(_folder["certificates"], "ca.crt"), Rate, (_feed, _intakePort));

    /// <summary>Waits until messages that were not published yet when this was called are stored.</summary>
    public async Task ReachedAsync(string what)
    {
        int from = _feed.Next;
        await UntilAsync(() => Stored().Numbers.Any(number => number >= from), $"readings taken {what} are stored");
    }

    /// <summary>Waits until a certificate is in force and has earned a receipt, so that those before it are gone.</summary>
    public Task InForceAsync(int generation) => UntilAsync(
        () => Store.Said == generation && Store.Read(generation) is not null && Store.HighestBelow(generation) == 0, $"certificate {generation} is in force and proven");

    public Task SaysAsync(string words) => UntilAsync(() => Agent.Output.Contains(words, StringComparison.Ordinal), $"the agent says \"{words}\"");

    /// <summary>How many messages are stored, and how many the agent has acknowledged.</summary>
    public (int Stored, int Acknowledged) Count() => (Stored().Messages, _feed.AcknowledgedCount);

    /// <summary>Ends the publisher, waits until everything is stored, and counts it.</summary>
    public async Task<CaseResult> JudgeAsync(string detail)
    {
        await _publisher!.FinishAsync(Enough);
        var missing = new HashSet<int>(_feed.Acknowledged);
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    missing.ExceptWith(Stored().Numbers);
                    return missing.Count == 0;
                },
                Enough, "all is stored", TimeSpan.FromMilliseconds(250));
        }
        catch (TimeoutException)
        {
            detail += $" {missing.Count} messages are not stored.";
        }
        Verdict verdict = Verdict.Of([_feed], ReadStored());
        bool isGood = verdict is { Lost: 0, Duplicated: 0, Wrong: 0 };
        detail = isGood ? detail : $"{detail} {string.Join("; ", verdict.Examples)}";
        return new CaseResult(IsReachable: missing.Count == 0, IsRecovered: isGood, verdict.Lost, verdict.Duplicated, detail);
    }

    public async ValueTask DisposeAsync()
    {
        if (_publisher is not null)
        {
            await _publisher.DisposeAsync();
        }
        await Agent.DisposeAsync();
        await Cloud.DisposeAsync();
        _folder.Dispose();
    }

    /// <exception cref="InvalidOperationException">The agent has ended, so that it never will be.</exception>
    private Task UntilAsync(Func<bool> isSo, string what) => Eventually.TrueAsync(
        () => isSo() || (Agent.HasExited ? throw new InvalidOperationException($"The agent ended: {Agent.Output}") : false),
        Enough, () => $"{what}. The agent said: {Agent.Output}", TimeSpan.FromMilliseconds(250));

    private StoredFeed Stored() => ReadStored()[_feed.Name];

    private Dictionary<string, StoredFeed> ReadStored() => StoredFeed.Read(Cloud.DatabaseFile, [_feed.Name, Foreign]);
}
