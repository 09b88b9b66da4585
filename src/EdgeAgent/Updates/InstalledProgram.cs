namespace EdgeAgent.Updates;

/// <summary>The program that the unit starts.</summary>
/// <param name="Version">Its version.</param>
/// <param name="IsPackage">It is the package's own; else one that an update brought.</param>
/// <param name="Path">Where it lies.</param>
internal sealed record InstalledProgram(ReleaseVersion Version, bool IsPackage, string Path)
{
    /// <summary>30 s: a board with a slow card starts the agent in five.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <returns>Null where there is none.</returns>
    public static async Task<InstalledProgram?> FindAsync(UpdatePaths paths, CancellationToken cancellationToken = default)
    {
        if (File.Exists(paths.DropIn) && VersionAt(paths.Current) is { } current && File.Exists(paths.ProgramOf(current)))
        {
            return new InstalledProgram(current, IsPackage: false, paths.ProgramOf(current));
        }
        ProgramResult answer = await ProgramRun.RunAsync(paths.Package, ["version"], AnswerLimit, user: null, cancellationToken).ConfigureAwait(false);
        return VersionIn(answer) is { } version ? new InstalledProgram(version, IsPackage: true, paths.Package) : null;
    }

    /// <summary>The version that a symbolic link names; null where it names none.</summary>
    public static ReleaseVersion? VersionAt(string link) =>
        new FileInfo(link).LinkTarget is { } target && ReleaseVersion.TryParse(System.IO.Path.GetFileName(target), out ReleaseVersion? version) ? version : null;

    /// <summary>What <c>edge-agent version</c> says: the name, the version, a comma.</summary>
    public static ReleaseVersion? VersionIn(ProgramResult answer) =>
        answer.IsSuccess && answer.Output.Split([' ', ','], 3) is [UpdatePaths.ProgramName, var text, _] && ReleaseVersion.TryParse(text, out ReleaseVersion? version)
            ? version
            : null;
}
