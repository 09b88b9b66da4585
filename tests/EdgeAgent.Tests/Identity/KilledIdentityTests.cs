using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Identity;

/// <summary>
/// A power cut at each step that enrolment and renewal take on the disk: the process is killed when it enters one call of the kernel on one of the identity's files, and what it
/// left is gone on from. With EDGEAGENT_LONG=1 all of them, else some.
/// </summary>
public sealed class KilledIdentityTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";

    /// <summary>How one file is replaced; that a file is begun says that the one before it, with its folder, is synced.</summary>
    private static readonly string[] Replacing = ["unlink", "pwrite64", "fdatasync", "rename"];

    [InstalledFact("strace")]
    public async Task Killed_at_any_step_an_enrolment_is_finished_by_the_next_process()
    {
        foreach ((string file, string call) in Steps(["1.key", "1.request", "roots.pem", "1.chain", "current"]))
        {
            await using var rig = new IdentityRig();
            await rig.StartAsync();
            using X509Certificate2 root = rig.Cloud.Authority.Root;
            rig.Cloud.Roots.Add(root);

            await KillAsync(rig, file, call, "enroll", "--token", rig.Cloud.Token);
            Assert.Equal(0, rig.Store.Said);
            await FinishAsync(rig, 1);
        }
    }

    [InstalledFact("strace")]
    public async Task Killed_at_any_step_a_renewal_leaves_a_certificate_that_works_and_is_finished_by_the_next_process()
    {
        (string File, string Call)[] forgetting = IsLong ? [("1.key", "unlink"), ("1.request", "unlink"), ("1.chain", "unlink")] : [];
        foreach ((string file, string call) in Steps(["2.key", "2.request", "roots.pem", "2.chain", "current"]).Concat(forgetting))
        {
            await using var rig = new IdentityRig();
            await rig.StartAsync();
            using X509Certificate2 root = rig.Cloud.Authority.Root;
            rig.Cloud.Roots.Add(root);
            // Due at once, so that the process has something to do; the next one is not.
            rig.Cloud.RenewAfter = DateTimeOffset.UtcNow;
            await rig.EnrolledAsync();
            rig.Cloud.RenewAfter = null;

            await KillAsync(rig, file, call, "run");

            Assert.NotNull(rig.Store.Read(rig.Store.Said));
            await rig.UploadAsync(rig.Uplink.Connect(), 1);
            await FinishAsync(rig, 2);
        }
    }

    private static IEnumerable<(string File, string Call)> Steps(string[] files)
    {
        (string, string)[] all = [.. from file in files from call in Replacing select (file + ".partial", call)];
        // Coprime to the number of calls, so that each of them is met.
        return IsLong ? all : all.Where(static (_, i) => i % 5 == 3);
    }

    /// <summary>The next process goes on from the files, to a certificate that the service takes and no rest of anything.</summary>
    private static async Task FinishAsync(IdentityRig rig, int generation)
    {
        // Past the spread of what is due.
        rig.Time.Advance(TimeSpan.FromDays(2));
        IdentityKeeper keeper = rig.Keeper();
        for (int i = 0; i < 4 && rig.Store.Current < generation; i++)
        {
            await IdentityRig.StepAsync(keeper);
        }
        await IdentityRig.StepAsync(keeper);
        Assert.Equal((generation, generation), (rig.Store.Current, rig.Store.Said));
        Assert.NotNull(rig.Store.Read(generation));
    }

    /// <summary>Runs the program until it enters that call on that file, and not further.</summary>
    private static async Task KillAsync(IdentityRig rig, string file, string call, params string[] arguments)
    {
        string configuration = rig.Uplink.Folder["agent.json"];
        await File.WriteAllTextAsync(configuration, $$"""
            { "device": { "state": "{{rig.Uplink.Folder["state"]}}" }, "identity": { "renewSpread": "0s" }, "clock": { "trust": "always" },
              "spool": { "path": "{{rig.Uplink.Folder["child-spool"]}}" }, "batch": { "maximumAge": "100ms" }, "host": { "series": "host", "interval": "1s" },
              "cloud": { "endpoint": "{{rig.Cloud.Endpoint.ToString().TrimEnd('/')}}", "ca": "{{rig.Uplink.Folder["root.crt"]}}", "proxy": "none" } }
            """);
        await KilledProgram.RunAsync(Path.Combine(rig.IdentityFolder, file), call, [.. arguments, "--config", configuration]);
    }
}
