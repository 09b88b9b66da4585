using EdgeAgent.Testing;
using EdgeAgent.Updates;

namespace EdgeAgent.Tests.Updates;

/// <summary>
/// A power cut at each step that an update takes on the disk: the process is killed when it enters one call of the kernel on one of its files, and what it left is gone on from. With
/// EDGEAGENT_LONG=1 all of them, else some.
/// </summary>
public sealed class KilledUpdateTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";

    /// <summary>How one file, and one link, are replaced.</summary>
    private static readonly string[] Replaced = ["openat", "pwrite64", "fdatasync", "rename"], Linked = ["symlink", "rename"];

    [InstalledFact("strace")]
    public async Task Killed_while_it_is_brought_the_update_is_on_trial_as_a_whole_or_can_be_ordered_again()
    {
        foreach ((string path, string call) in Some(
            [("opt/edge-agent/versions/.incoming/edge-agent.partial", Replaced), ("opt/edge-agent/versions/.incoming", ["mkdir", "rename"]), ("opt/edge-agent/judge.new", Linked),
                ("opt/edge-agent/trial.json.partial", Replaced)]))
        {
            using InstalledDevice device = Device();
            await KillAsync(device, path, call, "update", "--from", device.Bundle("0.4.0"), "--no-wait");
            Assert.Equal(InstalledDevice.Installed, device.Starts());
            if (device.Store.Trial is null)
            {
                Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
            }
            Assert.Equal(JudgeOutcome.Kept, await device.JudgeAsync());
            Assert.Equal("0.4.0", device.Starts());
        }
    }

    [InstalledFact("strace")]
    public async Task Killed_while_it_switches_or_keeps_one_of_the_two_versions_runs_and_the_trial_is_judged()
    {
        foreach ((string path, string call) in Some(
            [("opt/edge-agent/current.new", Linked), ("etc/systemd/system/edge-agent.service.d/50-update.conf.partial", Replaced), ("usr/local/bin/edge-agent.new", Linked),
                ("opt/edge-agent/trial.json.partial", Replaced), ("opt/edge-agent/outcome.json.partial", Replaced), ("opt/edge-agent/trial.json", ["unlink"])]))
        {
            using InstalledDevice device = Device();
            Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
            await KillAsync(device, path, call, "update", "judge");
            Assert.Contains(device.Starts(), new[] { InstalledDevice.Installed, "0.4.0" });
            Assert.Equal(JudgeOutcome.Kept, await device.JudgeAsync());
            Assert.Equal("0.4.0", device.Starts());
            Assert.Null(device.Store.Trial);
        }
    }

    [InstalledFact("strace")]
    public async Task Killed_while_it_goes_back_one_of_the_two_versions_runs_and_it_goes_back_all_the_same()
    {
        foreach ((string path, string call) in Some(
            [("etc/systemd/system/edge-agent.service.d/50-update.conf", ["unlink"]), ("usr/local/bin/edge-agent", ["unlink"]), ("opt/edge-agent/current", ["unlink"]),
                ("opt/edge-agent/outcome.json.partial", Replaced), ("opt/edge-agent/trial.json", ["unlink"]), ("opt/edge-agent/versions/0.4.0", ["rmdir"])]))
        {
            using InstalledDevice device = Device();
            Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
            device.Status.AcknowledgedSecondsAgo = null;
            Assert.Null(await device.JudgeAsync(killAtLook: 1));
            new UpdateRollback(device.Paths, device.Time).Run(isJudged: true);
            await KillAsync(device, path, call, "update", "judge");
            Assert.Contains(device.Starts(), new[] { InstalledDevice.Installed, "0.4.0" });
            await device.JudgeAsync();
            Assert.Equal(InstalledDevice.Installed, device.Starts());
            Assert.Null(device.Store.Trial);
            Assert.False(device.Store.Outcome!.IsKept);
        }
    }

    private static InstalledDevice Device()
    {
        var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        return device;
    }

    private static IEnumerable<(string Path, string Call)> Some((string Path, string[] Calls)[] steps)
    {
        (string, string)[] all = [.. from step in steps from call in step.Calls select (step.Path, call)];
        return IsLong ? all : all.Where(static (_, i) => i % 7 == 2);
    }

    private static Task KillAsync(InstalledDevice device, string path, string call, params string[] arguments) => KilledProgram.RunAsync(
        Path.Combine(device.Root, path), call, [.. arguments, "--root", device.Root], $"{Path.GetDirectoryName(device.SystemctlPath)}:{Environment.GetEnvironmentVariable("PATH")}");
}
