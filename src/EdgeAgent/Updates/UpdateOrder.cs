using System.Runtime.InteropServices;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Updates;

/// <summary>What a person wants of an update.</summary>
/// <param name="File">The bundle.</param>
/// <param name="Configuration">The device's own file.</param>
/// <param name="Downgrade">An older version may come, too.</param>
/// <param name="Limit">How long the trial may take.</param>
/// <param name="Proof">What is asked of it.</param>
internal sealed record UpdateWish(string File, string Configuration, bool Downgrade, TimeSpan Limit, TrialProof Proof);

/// <summary>
/// From a file to a version that is complete on the disk, is known to start, and is to be tried. Nothing takes effect here: the last step writes the trial, and the judge does the rest.
/// </summary>
internal sealed class UpdateOrder(UpdatePaths paths, TimeProvider time, Guid boot)
{
    /// <summary>Who runs the agent has to reach it.</summary>
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>16 MiB beside the program: half of what the spool leaves to others, so that a full spool alone does not stand in an update's way.</summary>
    private const long SpareBytes = 16 << 20;

    private readonly UpdateStore _store = new(paths);

    /// <summary>Brings the version to the disk, and orders its trial.</summary>
    /// <param name="wish">What is wanted.</param>
    /// <param name="isTried">False: it is switched to at once, and nobody judges it.</param>
    /// <param name="cancellationToken">Gives up; what has been ordered stays ordered.</param>
    /// <returns>Why it was not done; null where it was.</returns>
    public async Task<Refusal?> PlaceAsync(UpdateWish wish, bool isTried, CancellationToken cancellationToken)
    {
        if (await InstalledProgram.FindAsync(paths, cancellationToken).ConfigureAwait(false) is not { } installed)
        {
            return new Refusal(RefusalCause.NotInstalled, $"No agent is installed here: {paths.Package} does not say its version.");
        }
        if (UpdateBundle.Open(wish.File, paths.Keys, out UpdateBundle? opened) is { } refusal)
        {
            return refusal;
        }
        using UpdateBundle bundle = opened!;
        if (Compare(bundle.Manifest, installed, wish.Downgrade, out ReleaseVersion version) is { } unfit)
        {
            return unfit;
        }
        MakeFolder(paths.Folder);
        if (!_store.TryLock(out IDisposable? held))
        {
            return new Refusal(RefusalCause.Busy, "Another process changes the versions at this moment. Try again.");
        }
        using (held)
        {
            if (_store.Trial is { } open)
            {
                return new Refusal(RefusalCause.TrialOpen, $"Version {open.To} is on trial. Wait for its end (edge-agent update status), or leave it with --rollback.");
            }
            ReleaseVersion? current = installed.IsPackage ? null : installed.Version;
            ProgramSwitch.RemoveUnnamed(paths, current, InstalledProgram.VersionAt(paths.Previous));
            if (await BringAsync(bundle, version, wish.Configuration, cancellationToken).ConfigureAwait(false) is { } failed)
            {
                ProgramSwitch.RemoveUnnamed(paths, current, InstalledProgram.VersionAt(paths.Previous));
                return failed;
            }
            Decide(wish, isTried, installed, version);
        }
        return null;
    }

    private void Decide(UpdateWish wish, bool isTried, InstalledProgram installed, ReleaseVersion version)
    {
        // The judge is the program that runs now: it is known to work, and knows what it writes here.
        ProgramSwitch.Link(paths.Judge, Path.GetRelativePath(paths.Folder, installed.Path));
        if (isTried)
        {
            _store.Save(new UpdateTrial(
                TrialPhase.Ordered, version.Text, installed.Version.Text, installed.IsPackage, boot, 0, time.GetTimestamp(), (int)wish.Limit.TotalSeconds, wish.Proof, ""));
            return;
        }
        ProgramSwitch.RememberPrevious(paths, installed.IsPackage ? null : installed.Version);
        ProgramSwitch.To(paths, version);
        ProgramSwitch.RemoveUnnamed(paths, version, installed.IsPackage ? null : installed.Version);
    }

    private static Refusal? Compare(UpdateManifest manifest, InstalledProgram installed, bool downgrade, out ReleaseVersion version)
    {
        version = manifest.Brought;
        bool isOlder = version.IsOlderThan(installed.Version);
        return manifest.Rid != RuntimeInformation.RuntimeIdentifier
            ? new Refusal(RefusalCause.OtherMachine, $"The update is for {manifest.Rid}, and this machine is {RuntimeInformation.RuntimeIdentifier}.")
            : version == installed.Version ? new Refusal(RefusalCause.SameVersion, $"Version {version} runs already.")
            : isOlder && !downgrade
                ? new Refusal(RefusalCause.Older, $"Version {version} is older than {installed.Version}, which runs, and may not read what that has written. Say --downgrade if you mean it.")
            : !isOlder && installed.Version.IsOlderThan(manifest.Oldest)
                ? new Refusal(RefusalCause.TooOldInstalled, $"Version {version} reads what {manifest.Minimum} and later have written, and {installed.Version} runs. Install {manifest.Minimum} first.")
            : null;
    }

    /// <summary>The program, complete and asked, under its version.</summary>
    private async Task<Refusal?> BringAsync(UpdateBundle bundle, ReleaseVersion version, string configuration, CancellationToken cancellationToken)
    {
        MakeFolder(paths.Versions);
        if (new DriveInfo(paths.Versions).AvailableFreeSpace is var free && free < bundle.Manifest.Bytes + SpareBytes)
        {
            return new Refusal(RefusalCause.NoRoom, $"{paths.Versions} has room for {free >> 20} MiB, and {(bundle.Manifest.Bytes + SpareBytes) >> 20} MiB are needed.");
        }
        MakeFolder(paths.Incoming);
        string program = Path.Combine(paths.Incoming, UpdatePaths.ProgramName);
        if (DurableFile.Write(program, Executable, bundle.CopyProgramTo) is { } damaged)
        {
            return damaged;
        }
        if (await CandidateChecks.RunAsync(program, version, paths, configuration, cancellationToken).ConfigureAwait(false) is { } unfit)
        {
            return unfit;
        }
        string folder = paths.FolderOf(version);
        if (Directory.Exists(folder))
        {
            // The one that --rollback would lead to, brought anew.
            Directory.Delete(folder, recursive: true);
        }
        Directory.Move(paths.Incoming, folder);
        DurableFile.SyncFolder(paths.Versions);
        return null;
    }

    private static void MakeFolder(string path)
    {
        DurableFile.CreateFolder(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Executable);
        }
    }
}
