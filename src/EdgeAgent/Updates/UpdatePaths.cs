namespace EdgeAgent.Updates;

/// <summary>
/// Where an update puts things. The package's own program is never touched:
/// <code>
/// /usr/lib/edge-agent/edge-agent                          the package's program
/// /opt/edge-agent/versions/VERSION/edge-agent             one that an update brought; two of them at the most, and for the time of a trial three
/// /opt/edge-agent/versions/.incoming/                     one that is not complete yet
/// /opt/edge-agent/current  → versions/VERSION             the one that runs, where the drop-in is there
/// /opt/edge-agent/previous → versions/VERSION             the one before it; where it is missing: the package's
/// /opt/edge-agent/judge    → a program                    the one that judges a trial: the one that ran before it
/// /opt/edge-agent/trial.json                              there while a version is on trial (UpdateTrial)
/// /opt/edge-agent/outcome.json                            how the last trial ended (UpdateOutcome)
/// /etc/systemd/system/edge-agent.service.d/50-update.conf has the unit start /opt/edge-agent/current/edge-agent
/// /usr/local/bin/edge-agent → /opt/edge-agent/current/edge-agent     so that commands are of the version that runs
/// /etc/edge-agent/update-keys/*.pem                       whose signatures count
/// </code>
/// Whenever the power fails: where the drop-in is there, <c>current</c> is there, and names a version that is complete.
/// </summary>
/// <param name="root">"/"; or the folder that stands for it, of an image or of a test.</param>
internal sealed class UpdatePaths(string root)
{
    public const string ProgramName = "edge-agent";
    private readonly string _root = Path.GetFullPath(root);

    public string Folder => Path.Combine(_root, "opt", ProgramName);

    public string Versions => Path.Combine(Folder, "versions");

    public string Incoming => Path.Combine(Versions, ".incoming");

    public string Current => Path.Combine(Folder, "current");

    public string Previous => Path.Combine(Folder, "previous");

    public string Judge => Path.Combine(Folder, "judge");

    public string Trial => Path.Combine(Folder, "trial.json");

    public string Outcome => Path.Combine(Folder, "outcome.json");

    public string Lock => Path.Combine(Folder, "lock");

    public string Package => Path.Combine(_root, "usr/lib", ProgramName, ProgramName);

    public string DropIn => Path.Combine(_root, "etc/systemd/system/edge-agent.service.d/50-update.conf");

    public string CommandLink => Path.Combine(_root, "usr/local/bin", ProgramName);

    public string Keys => Path.Combine(_root, "etc", ProgramName, "update-keys");

    public string Configuration => Path.Combine(_root, "etc", ProgramName, "agent.json");

    public string StatusSocket => Path.Combine(_root, "run", ProgramName, "status.sock");

    public string Users => Path.Combine(_root, "etc/passwd");

    public string FolderOf(ReleaseVersion version) => Path.Combine(Versions, version.Text);

    public string ProgramOf(ReleaseVersion version) => Path.Combine(FolderOf(version), ProgramName);
}
