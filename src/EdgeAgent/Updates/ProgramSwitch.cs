using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Updates;

/// <summary>
/// Decides what the unit starts the next time. Each step is on the disk before the next one begins, and each may be done again: after a power cut the same call finishes it.
/// </summary>
internal static class ProgramSwitch
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Where programs of another file system root see the link: a unit knows no folder that stands for it.</summary>
    private const string CurrentProgram = "/opt/edge-agent/current/edge-agent";

    private static ReadOnlySpan<byte> DropIn => """
        # Written by edge-agent update; edge-agent update --rollback, and each package of edge-agent, takes it away.
        [Service]
        ExecStart=
        ExecStart=/opt/edge-agent/current/edge-agent run

        """u8;

    /// <summary>To a version that is complete. The drop-in comes when what it names is there.</summary>
    public static void To(UpdatePaths paths, ReleaseVersion version)
    {
        Link(paths.Current, $"versions/{version}");
        string folder = Path.GetDirectoryName(paths.DropIn)!;
        DurableFile.CreateFolder(folder);
        DurableFile.Replace(paths.DropIn, DropIn, Readable);
        DurableFile.CreateFolder(Path.GetDirectoryName(paths.CommandLink)!);
        if (!Path.Exists(paths.CommandLink) || IsOurs(paths.CommandLink))
        {
            Link(paths.CommandLink, CurrentProgram);
        }
    }

    /// <summary>To the package's program. What the drop-in names goes after it.</summary>
    public static void ToPackage(UpdatePaths paths)
    {
        Remove(paths.DropIn);
        if (IsOurs(paths.CommandLink))
        {
            Remove(paths.CommandLink);
        }
        Remove(paths.Current);
    }

    /// <summary>Notes the version to which a later <c>--rollback</c> leads; null: the package's.</summary>
    public static void RememberPrevious(UpdatePaths paths, ReleaseVersion? version)
    {
        if (version is null)
        {
            Remove(paths.Previous);
        }
        else
        {
            Link(paths.Previous, $"versions/{version}");
        }
    }

    /// <summary>Puts a symbolic link in its place for good.</summary>
    public static void Link(string path, string target)
    {
        UnixFiles.ReplaceLink(path, target);
        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Versions that nothing names take room, and nothing else.</summary>
    public static void RemoveUnnamed(UpdatePaths paths, params ReadOnlySpan<ReleaseVersion?> kept)
    {
        if (!Directory.Exists(paths.Versions))
        {
            return;
        }
        foreach (string folder in Directory.GetDirectories(paths.Versions))
        {
            bool isKept = ReleaseVersion.TryParse(Path.GetFileName(folder), out ReleaseVersion? version) && kept.Contains(version);
            if (!isKept)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        DurableFile.SyncFolder(paths.Versions);
    }

    private static bool IsOurs(string link) => new FileInfo(link).LinkTarget == CurrentProgram;

    private static void Remove(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            DurableFile.Delete(path);
        }
    }
}
