using EdgeAgent.Commands;
using EdgeAgent.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Identity;

/// <summary>
/// A power cut at each step that enrolment and renewal take on the disk: the process is killed in its Nth write, sync, rename or unlink of the identity's files, and what it
/// left is gone on from. With EDGEAGENT_LONG=1 every N until the process comes to its end, else some of them.
/// </summary>
public sealed class KilledIdentityTests
{
    private const int Most = 100;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    [InstalledFact("strace")]
    public async Task Killed_at_any_step_an_enrolment_is_finished_by_the_next_process()
    {
        int steps = 0;
        bool isComplete = false;
        for (int step = IsLong ? 1 : 5; !isComplete; step += IsLong ? 1 : 6)
        {
            await using var rig = new IdentityRig();
            await rig.StartAsync();

            isComplete = await KillAsync(rig, step, "enroll", "--token", rig.Cloud.Token);

            Assert.True(!isComplete || rig.Store.Current == 1, $"it ended before it was enrolled, at step {step}");
            await FinishAsync(rig, 1);
            steps = step;
        }
        Assert.InRange(steps, 10, Most);
    }

    [InstalledFact("strace")]
    public async Task Killed_at_any_step_a_renewal_leaves_a_certificate_that_works_and_is_finished_by_the_next_process()
    {
        int steps = 0;
        bool isComplete = false;
        for (int step = IsLong ? 1 : 4; !isComplete; step += IsLong ? 1 : 6)
        {
            await using var rig = new IdentityRig();
            await rig.StartAsync();
            // Due at once, so that the process has something to do; the next one is not.
            rig.Cloud.RenewAfter = DateTimeOffset.UtcNow;
            await rig.EnrolledAsync();
            rig.Cloud.RenewAfter = null;
            Assert.Equal(1, rig.Store.Current);

            isComplete = await KillAsync(rig, step, "run");

            Assert.True(rig.Store.Current > 0, $"no certificate is left at step {step}");
            Assert.NotNull(rig.Store.Read(rig.Store.Current));
            await rig.UploadAsync(rig.Uplink.Connect(), 1);
            await FinishAsync(rig, 2);
            steps = step;
        }
        Assert.InRange(steps, 10, Most);
    }

    /// <summary>The next process goes on from the files, to a certificate that the service takes and no rest of anything.</summary>
    private static async Task FinishAsync(IdentityRig rig, int generation)
    {
        rig.Time.Advance(TimeSpan.FromHours(1));
        IdentityKeeper keeper = rig.Keeper();
        for (int i = 0; i < 4 && rig.Store.Current < generation; i++)
        {
            await IdentityRig.StepAsync(keeper);
        }
        await IdentityRig.StepAsync(keeper);
        Assert.Equal((generation, generation), (rig.Store.Current, rig.Store.Said));
        Assert.NotNull(rig.Store.Read(generation));
    }

    /// <returns>Whether the process came to its end instead, or has nothing more to do.</returns>
    private static async Task<bool> KillAsync(IdentityRig rig, int step, params string[] arguments)
    {
        string configuration = rig.Uplink.Folder["agent.json"];
        await File.WriteAllTextAsync(configuration, $$"""
            { "device": { "state": "{{rig.Uplink.Folder["state"]}}" }, "identity": { "renewSpread": "0s" }, "clock": { "trust": "always" },
              "spool": { "path": "{{rig.Uplink.Folder["child-spool"]}}" },
              "cloud": { "endpoint": "{{rig.Cloud.Endpoint.ToString().TrimEnd('/')}}", "ca": "{{rig.Uplink.Folder["root.crt"]}}", "proxy": "none" } }
            """);
        string[] names = [.. from generation in Enumerable.Range(1, 3) from suffix in new[] { "key", "request", "chain" } select $"{generation}.{suffix}"];
        string[] files = [.. names.Append("current").Append("roots.pem").SelectMany(static name => new[] { name, name + ".partial" })];
        await using ForeignProcess child = ForeignProcess.Start(
            "strace",
            ["-f", "-qq", "-o", rig.Uplink.Folder["trace"], .. files.Append("").SelectMany(name => new[] { "-P", Path.Combine(rig.IdentityFolder, name).TrimEnd('/') }),
                "-e", "trace=pwrite64,write,fsync,fdatasync,rename,unlink,mkdir", "-e", $"inject=pwrite64,write,fsync,fdatasync,rename,unlink,mkdir:signal=SIGKILL:when={step}",
                "dotnet", Program, .. arguments, "--config", configuration],
            new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" });
        bool isService = arguments[0] == "run";
        await Eventually.TrueAsync(
            () => child.HasExited || (isService && child.Output.Contains("is in force", StringComparison.Ordinal)), Enough, () => $"it ends; it said {child.Output}");
        if (!child.HasExited)
        {
            return true;
        }
        return await child.WaitForExitAsync(Enough) == 0;
    }

    private static string Program
    {
        get
        {
            // From its own output: beside the tests lie other dependencies than it was built with. artifacts/bin/PROJECT/CONFIGURATION/
            string built = new DirectoryInfo(AppContext.BaseDirectory).Name;
            return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "EdgeAgent", built, typeof(AgentHost).Assembly.GetName().Name + ".dll"));
        }
    }
}
