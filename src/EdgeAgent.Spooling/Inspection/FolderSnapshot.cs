using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>
/// A spool's folder as it was when it was listed, belonging to somebody else. It is read from and never written to: whatever recovery
/// writes, renames and deletes happens in memory. So the very code that starts the agent says what is in the folder, and its rules are
/// written down once. The lock is not taken; the owner goes on meanwhile and renames files before it uses them again.
/// </summary>
internal sealed class FolderSnapshot : ISpoolFiles
{
    private const string QuarantinePrefix = "quarantine/";
    private readonly string _path;
    private readonly Dictionary<string, string?> _names;    // how a file is called here, and there; null: it exists here only
    private readonly Dictionary<string, SnapshotFile> _made = [];
    private readonly List<SnapshotFile> _opened = [];

    private FolderSnapshot(string path, IEnumerable<string> names)
    {
        _path = path;
        _names = names.ToDictionary(static name => name, static name => (string?)name);
        Listed = [.. _names.Keys];
    }

    /// <summary>The names of all files, those in the quarantine with their folder in front.</summary>
    public IReadOnlyList<string> Listed { get; }

    public long AvailableBytes => long.MaxValue / 2;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static FolderSnapshot Take(string path) => new(path, NamesIn(path));

    /// <summary>Whether a file that was listed has been renamed or deleted since.</summary>
    public bool IsGone(Func<string, bool> isOfInterest)
    {
        HashSet<string> now = [.. NamesIn(_path)];
        return Listed.Any(name => isOfInterest(name) && !now.Contains(name));
    }

    /// <summary>Whether there is a file by now that was not listed.</summary>
    public bool IsNew(Func<string, bool> isOfInterest) => NamesIn(_path).Where(isOfInterest).Except(Listed).Any();

    public bool IsThere(string name) => File.Exists(Path.Combine(_path, name));

    public long LengthOf(string name)
    {
        var file = new FileInfo(Path.Combine(_path, name));
        return file.Exists ? file.Length : 0;
    }

    public IReadOnlyList<string> List(string folder = "")
    {
        string prefix = folder.Length == 0 ? "" : folder + "/";
        return [.. _names.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.LastIndexOf('/') < prefix.Length)
            .Select(name => name[prefix.Length..])];
    }

    public ISpoolFile Create(string name)
    {
        _names[name] = null;
        return _made[name] = new SnapshotFile(null, keepsWrites: true);
    }

    /// <exception cref="FileNotFoundException">It was renamed since: the snapshot is old.</exception>
    public ISpoolFile Open(string name)
    {
        if (_names[name] is not { } there)
        {
            return _made[name];
        }
        string real = Path.Combine(_path, there);
        // Of a segment recovery at most writes again what it has read from it.
        bool isSegment = Path.GetExtension(real) == ".segment";
        var file = new SnapshotFile(
            File.OpenHandle(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), keepsWrites: !isSegment);
        _opened.Add(file);
        return file;
    }

    public void Rename(string from, string to)
    {
        _names.Remove(from, out string? real);
        _names[to] = real;
    }

    public void Delete(string name) => _names.Remove(name);

    public void SyncDirectory(string folder = "")
    {
    }

    public void Dispose() => _opened.ForEach(static file => file.Dispose());

    private static IEnumerable<string> NamesIn(string path)
    {
        string quarantine = Path.Combine(path, "quarantine");
        IEnumerable<string> names = Directory.EnumerateFiles(path).Select(static file => Path.GetFileName(file)!);
        return Directory.Exists(quarantine)
            ? names.Concat(Directory.EnumerateFiles(quarantine).Select(static file => QuarantinePrefix + Path.GetFileName(file)))
            : names;
    }
}
