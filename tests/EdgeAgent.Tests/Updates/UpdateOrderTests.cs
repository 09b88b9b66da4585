using System.Security.Cryptography;
using EdgeAgent.Files;
using EdgeAgent.Updates;

namespace EdgeAgent.Tests.Updates;

/// <summary>From a file to a version that is to be tried: what is refused changes nothing, and says why.</summary>
public sealed class UpdateOrderTests
{
    [Fact]
    public async Task A_signed_update_is_complete_on_the_disk_and_to_be_tried_and_nothing_of_it_runs_yet()
    {
        using var device = new InstalledDevice();
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));

        Assert.Equal(InstalledDevice.Script("0.4.0"), File.ReadAllText(device.Paths.ProgramOf(ReleaseVersion.Parse("0.4.0"))));
        UpdateTrial trial = device.Store.Trial!;
        Assert.Equal((TrialPhase.Ordered, "0.4.0", "0.3.0", true), (trial.Phase, trial.To, trial.From, trial.FromPackage));
        Assert.Equal(device.Paths.Package, Path.GetFullPath(new FileInfo(device.Paths.Judge).LinkTarget!, device.Paths.Folder));
        Assert.Equal(InstalledDevice.Installed, device.Starts());
        Assert.Equal("", device.Asked);
    }

    [Fact]
    public async Task Somebody_elses_signature_is_refused()
    {
        using var device = new InstalledDevice();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync(device, device.Bundle("0.4.0", key: other), RefusalCause.NotTrusted);
    }

    [Fact]
    public void A_change_of_any_byte_is_refused()
    {
        using var device = new InstalledDevice();
        string bundle = device.Bundle("0.4.0");
        byte[] sound = File.ReadAllBytes(bundle);
        int end = sound.AsSpan().LastIndexOfAnyExcept((byte)0);
        var causes = new HashSet<RefusalCause>();
        for (int at = 0; at < end; at += 97)
        {
            byte[] changed = [.. sound];
            changed[at] ^= 0x10;
            File.WriteAllBytes(bundle, changed);
            if (UpdateBundle.Open(bundle, device.Paths.Keys, out UpdateBundle? opened) is { } refusal)
            {
                causes.Add(refusal.Cause);
                continue;
            }
            using (opened)
            {
                using var program = new MemoryStream();
                // What the signature does not cover is what the program does not depend on.
                Assert.True(opened!.CopyProgramTo(program) is { Cause: RefusalCause.Damaged or RefusalCause.Truncated }
                    || program.ToArray().AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(InstalledDevice.Script("0.4.0"))), $"byte {at}");
            }
        }
        Assert.Contains(RefusalCause.NotTrusted, causes);
        Assert.Contains(RefusalCause.NotABundle, causes);
    }

    [Fact]
    public async Task A_file_that_ends_anywhere_too_soon_is_refused()
    {
        using var device = new InstalledDevice();
        string bundle = device.Bundle("0.4.0");
        byte[] sound = File.ReadAllBytes(bundle);
        int end = sound.AsSpan().LastIndexOfAnyExcept((byte)0);
        for (int length = 0; length < end; length += 211)
        {
            File.WriteAllBytes(bundle, sound[..length]);
            await RefusedAsync(device, bundle, RefusalCause.Truncated);
        }
    }

    [Fact]
    public async Task An_archive_with_any_other_names_is_refused()
    {
        using var device = new InstalledDevice();
        string bundle = device.Bundle("0.4.0");
        byte[] header = UstarHeader.Encode("../../etc/cron.d/mine", 3, UnixFileMode.UserRead, DateTimeOffset.UnixEpoch);
        File.WriteAllBytes(bundle, [.. header, .. File.ReadAllBytes(bundle)[header.Length..]]);
        await RefusedAsync(device, bundle, RefusalCause.NotABundle);
    }

    [Fact]
    public async Task What_is_for_another_machine_or_older_or_too_far_ahead_or_runs_already_is_refused()
    {
        using var device = new InstalledDevice();
        string script = InstalledDevice.Script("0.4.0");
        await RefusedAsync(device, device.Bundle("0.4.0", script, device.Manifest("0.4.0", script, rid: "linux-arm")), RefusalCause.OtherMachine);
        await RefusedAsync(device, device.Bundle("0.4.0", script, device.Manifest("0.4.0", script, minimum: "0.3.1")), RefusalCause.TooOldInstalled);
        await RefusedAsync(device, device.Bundle(InstalledDevice.Installed), RefusalCause.SameVersion);
        await RefusedAsync(device, device.Bundle("0.2.9"), RefusalCause.Older);
        Assert.Null(await device.OrderAsync(device.Bundle("0.2.9"), downgrade: true));
    }

    [Fact]
    public async Task A_program_that_does_not_start_here_or_is_another_one_is_refused()
    {
        using var device = new InstalledDevice();
        await RefusedAsync(device, device.Bundle("0.4.0", "\u007fELF of another machine"), RefusalCause.DoesNotStart);
        await RefusedAsync(device, device.Bundle("0.4.0", "#!/bin/sh\nexit 1\n"), RefusalCause.DoesNotStart);
        await RefusedAsync(device, device.Bundle("0.4.0", InstalledDevice.Script("0.4.1")), RefusalCause.DoesNotStart);
    }

    [Fact]
    public async Task A_program_that_does_not_accept_the_configuration_is_refused_with_its_own_words()
    {
        using var device = new InstalledDevice();
        File.WriteAllText(device.Paths.Configuration, "{}");
        string script = "#!/bin/sh\n[ \"$1\" = version ] && echo 'edge-agent 0.4.0, x' && exit\necho \"$4: /host is too old\" >&2; exit 78\n";
        Refusal refusal = await RefusedAsync(device, device.Bundle("0.4.0", script), RefusalCause.ConfigurationRefused);
        Assert.Contains($"{device.Paths.Configuration}: /host is too old", refusal.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_others_than_root_may_have_put_there_are_not_trusted()
    {
        using var device = new InstalledDevice();
        File.SetUnixFileMode(device.Paths.Keys, File.GetUnixFileMode(device.Paths.Keys) | UnixFileMode.OtherWrite);
        await RefusedAsync(device, device.Bundle("0.4.0"), RefusalCause.KeysUnsafe);
        Directory.Delete(device.Paths.Keys, recursive: true);
        await RefusedAsync(device, device.Bundle("0.4.0"), RefusalCause.KeysUnsafe);
    }

    [Fact]
    public async Task While_a_version_is_on_trial_no_other_one_is_taken()
    {
        using var device = new InstalledDevice();
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0")));
        Refusal? refusal = await device.OrderAsync(device.Bundle("0.5.0"));
        Assert.Equal(RefusalCause.TrialOpen, refusal?.Cause);
    }

    [Fact]
    public async Task Without_systemd_the_version_is_switched_to_and_nobody_is_asked()
    {
        using var device = new InstalledDevice();
        Assert.Null(await device.OrderAsync(device.Bundle("0.4.0"), isTried: false));
        Assert.Equal(("0.4.0", ""), (device.Starts(), device.Asked));
        Assert.Null(device.Store.Trial);

        Assert.Equal(RollbackOutcome.Switched, new UpdateRollback(device.Paths, device.Time).Run(isJudged: false));
        Assert.Equal(InstalledDevice.Installed, device.Starts());
        Assert.Equal(RollbackOutcome.Nothing, new UpdateRollback(device.Paths, device.Time).Run(isJudged: false));
    }

    private static async Task<Refusal> RefusedAsync(InstalledDevice device, string bundle, RefusalCause cause)
    {
        Refusal? refusal = await device.OrderAsync(bundle);
        Assert.Equal(cause, refusal?.Cause);
        Assert.Null(device.Store.Trial);
        Assert.Equal(InstalledDevice.Installed, device.Starts());
        Assert.True(!Directory.Exists(device.Paths.Versions) || Directory.GetFileSystemEntries(device.Paths.Versions).Length == 0);
        return refusal!;
    }
}
