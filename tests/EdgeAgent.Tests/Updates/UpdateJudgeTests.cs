using EdgeAgent.Updates;

namespace EdgeAgent.Tests.Updates;

/// <summary>What becomes of a version on trial.</summary>
public sealed class UpdateJudgeTests
{
    private static readonly Guid SecondBoot = new("22222222-0000-0000-0000-000000000000");
    private static readonly Guid ThirdBoot = new("33333333-0000-0000-0000-000000000000");

    [Fact]
    public async Task A_version_that_earns_a_receipt_is_kept_and_the_one_before_it_too()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        await KeptAsync(device, "0.4.0");
        Assert.Equal("daemon-reload\nreset-failed edge-agent.service\nrestart --no-block edge-agent.service\n", device.Asked.Split("show")[0]);
        Assert.Equal("/opt/edge-agent/current/edge-agent", new FileInfo(device.Paths.CommandLink).LinkTarget);
        await KeptAsync(device, "0.5.0");
        await KeptAsync(device, "0.6.0");
        Assert.Equal(["0.5.0", "0.6.0"], VersionsOf(device));

        Assert.Equal(RollbackOutcome.Switched, new UpdateRollback(device.Paths, device.Time).Run(isJudged: true));
        Assert.Equal("0.5.0", device.Starts());
        Assert.Equal(RollbackOutcome.Switched, new UpdateRollback(device.Paths, device.Time).Run(isJudged: true));
        Assert.Equal(InstalledDevice.Installed, device.Starts());
        Assert.Empty(VersionsOf(device));
        Assert.False(Path.Exists(device.Paths.CommandLink));
    }

    [Fact]
    public async Task A_version_without_a_receipt_in_time_is_left_for_the_one_before_it()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        await KeptAsync(device, "0.4.0");
        device.Status.AcknowledgedSecondsAgo = null;
        long before = device.Time.GetTimestamp();
        await ReturnedAsync(device, "0.5.0", "0.4.0", "confirmed nothing");
        Assert.InRange(device.Time.GetElapsedTime(before), TimeSpan.FromSeconds(InstalledDevice.LimitSeconds), TimeSpan.FromSeconds(InstalledDevice.LimitSeconds + 5));
        Assert.Equal(["0.4.0"], VersionsOf(device));
    }

    [Fact]
    public async Task A_receipt_of_an_earlier_process_proves_nothing()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        (device.Status.RunningSeconds, device.Status.AcknowledgedSecondsAgo) = (100, 101);
        await ReturnedAsync(device, "0.4.0", InstalledDevice.Installed, "confirmed nothing");
    }

    [Fact]
    public async Task A_receipt_of_a_process_that_has_just_begun_proves_nothing()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        (device.Status.RunningSeconds, device.Status.AcknowledgedSecondsAgo) = ((InstalledDevice.LimitSeconds / 10.0) - 0.1, 1);
        await ReturnedAsync(device, "0.4.0", InstalledDevice.Installed, "too short");
    }

    [Fact]
    public async Task A_version_that_is_silent_or_another_one_is_left()
    {
        using var device = new InstalledDevice();
        await ReturnedAsync(device, "0.4.0", InstalledDevice.Installed, "nothing answered");
        device.Status.Version = static () => InstalledDevice.Installed;
        await ReturnedAsync(device, "0.4.0", InstalledDevice.Installed, "another version");
    }

    [Fact]
    public async Task A_version_that_ends_again_and_again_is_left_before_the_time_is_over()
    {
        using var device = new InstalledDevice { Restarts = UpdateRules.MostRestarts };
        long before = device.Time.GetTimestamp();
        await ReturnedAsync(device, "0.4.0", InstalledDevice.Installed, "it ended");
        Assert.Equal(TimeSpan.Zero, device.Time.GetElapsedTime(before));
    }

    [Fact]
    public async Task Where_no_receipt_is_asked_for_half_of_the_time_without_an_end_is_enough()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        (device.Status.RunningSeconds, device.Status.AcknowledgedSecondsAgo) = (InstalledDevice.LimitSeconds / 2, null);
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0"), proof: TrialProof.Running));
        Assert.Equal(JudgeOutcome.Kept, await device.JudgeAsync());
    }

    [Fact]
    public async Task One_start_of_the_machine_in_a_trial_begins_its_time_anew_and_a_second_one_ends_it()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        device.Status.AcknowledgedSecondsAgo = null;
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
        Assert.Null(await device.JudgeAsync(killAtLook: 3));
        Assert.Null(await device.JudgeAsync(SecondBoot, killAtLook: 8));
        Assert.Equal("0.4.0", device.Starts());
        Assert.Equal(JudgeOutcome.Returned, await device.JudgeAsync(ThirdBoot));
        Assert.Contains("started 2 times", device.Store.Outcome!.Reason, StringComparison.Ordinal);
        Assert.Equal(InstalledDevice.Installed, device.Starts());
    }

    [Fact]
    public async Task A_judge_that_is_killed_is_followed_by_one_who_knows_how_much_time_is_left()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        device.Status.AcknowledgedSecondsAgo = null;
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
        long before = device.Time.GetTimestamp();
        Assert.Null(await device.JudgeAsync(killAtLook: 4));
        Assert.Null(await device.JudgeAsync(killAtLook: 4));
        Assert.Equal(JudgeOutcome.Returned, await device.JudgeAsync());
        Assert.InRange(device.Time.GetElapsedTime(before), TimeSpan.FromSeconds(InstalledDevice.LimitSeconds), TimeSpan.FromSeconds(InstalledDevice.LimitSeconds + 5));
    }

    [Fact]
    public async Task A_person_may_leave_a_trial_at_any_time()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        device.Status.AcknowledgedSecondsAgo = null;
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
        device.Status.Asked += () => new UpdateRollback(device.Paths, device.Time).Run(isJudged: true);
        Assert.Equal(JudgeOutcome.Returned, await device.JudgeAsync());
        Assert.Contains("somebody wanted it", device.Store.Outcome!.Reason, StringComparison.Ordinal);
        Assert.Equal(InstalledDevice.Installed, device.Starts());
    }

    [Fact]
    public async Task A_trial_that_cannot_be_read_is_set_aside_and_what_runs_goes_on()
    {
        using var device = new InstalledDevice();
        device.Status.Version = device.Starts;
        await KeptAsync(device, "0.4.0");
        File.WriteAllText(device.Paths.Trial, "{");
        Assert.Equal(JudgeOutcome.Unreadable, await device.JudgeAsync());
        Assert.Equal("0.4.0", device.Starts());
        Assert.Equal(JudgeOutcome.NoTrial, await device.JudgeAsync());
    }

    private static async Task KeptAsync(InstalledDevice device, string version)
    {
        Assert.Null(await device.OrderAsync(device.Bundle(version)));
        Assert.Equal(JudgeOutcome.Kept, await device.JudgeAsync());
        Assert.Equal(version, device.Starts());
        Assert.Null(device.Store.Trial);
        Assert.True(device.Store.Outcome!.IsKept);
    }

    private static async Task ReturnedAsync(InstalledDevice device, string version, string to, string reason)
    {
        Assert.Null(await device.OrderAsync(device.Bundle(version)));
        Assert.Equal(JudgeOutcome.Returned, await device.JudgeAsync());
        Assert.Equal(to, device.Starts());
        Assert.Null(device.Store.Trial);
        Assert.Contains(reason, device.Store.Outcome!.ToString(), StringComparison.Ordinal);
    }

    private static string[] VersionsOf(InstalledDevice device) => [.. Directory.GetDirectories(device.Paths.Versions).Select(static path => Path.GetFileName(path)).Order()];
}
