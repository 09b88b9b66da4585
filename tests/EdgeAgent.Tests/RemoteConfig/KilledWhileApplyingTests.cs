using EdgeAgent.Protocol.V1;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Uplink;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.RemoteConfig;

/// <summary>The agent as a process of its own, killed by the kernel in the middle of a system call on the files of its revisions.</summary>
public sealed class KilledWhileApplyingTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(3);

    /// <summary>Calls that change what is on the disk. The kernel counts them for each thread, so that the number reaches fewer threads as it grows.</summary>
    private const string Calls = "openat,write,pwrite64,fsync,rename,unlink";

    [InstalledFact("strace")]
    public async Task Killed_at_any_call_on_its_files_it_starts_with_a_good_configuration_and_no_trial()
    {
        bool isLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";
        int killed = 0;
        for (int call = 1; call <= (isLong ? 100 : 2); call++)
        {
            if (!await IsKilledAtAsync(isLong ? call : 4 * call))
            {
                break;
            }
            killed++;
        }
        Assert.InRange(killed, 1, 100);
    }

    /// <returns>False where the trial ended before there was such a call.</returns>
    private static async Task<bool> IsKilledAtAsync(int call)
    {
        using var device = new Device();
        using var authority = new TestAuthority();
        var config = new ScriptedConfig();
        await using CloudServer server = await CloudServer.StartAsync(new ScriptedCloud(), authority, authority, config: config);
        device.ReportTo(server.Port, authority);
        Revision good = Device.Revision(1, """{ "batch": { "maximumAge": "1s" } }"""), next = Device.Revision(2, """{ "batch": { "maximumAge": "2s" } }""");
        device.Remembering(good);
        config.Push(2, """{ "batch": { "maximumAge": "2s" } }""");
        bool isKilled;
        await using (ForeignProcess traced = ForeignProcess.Start("strace", [.. Arguments(device, next, call)], null))
        {
            await Eventually.TrueAsync(
                () => traced.HasExited || config.Reports.Any(static report => report.Outcome == ConfigOutcome.Applied), Enough,
                () => $"it is killed or proven; it said {traced.Output}");
            isKilled = traced.HasExited;
        }

        var store = new RevisionStore(device.StateFolder, NullLogger.Instance);
        store.Open();
        Layered start = device.Start(store, Guid.NewGuid());
        Assert.Equal(TimeSpan.FromSeconds(start.Header.Number), start.Configuration.Batch.MaximumAge);
        Assert.InRange(start.Header.Number, 1ul, 2ul);
        Assert.Empty(store.Damage);
        Assert.True(store.State.Trial.IsNone);
        return isKilled;
    }

    private static IEnumerable<string> Arguments(Device device, Revision next, int call)
    {
        string document = RevisionStore.DocumentPath(device.Configs, next.Header);
        foreach (string path in new[] { device.Configs, Path.Combine(device.Configs, RevisionStateFile.Name), document })
        {
            yield return "-P";
            yield return path;
            yield return "-P";
            yield return path + ".partial";
        }
        foreach (string argument in new[]
            { "-f", "-qq", "-o", device.Folder["trace"], "-e", $"trace={Calls}", "-e", $"inject={Calls}:signal=SIGKILL:when={call}", "dotnet", ShippedProgram.Agent, "run", "--config", device.File })
        {
            yield return argument;
        }
    }
}
