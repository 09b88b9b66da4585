using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>A file that is there whole or not at all: written under another name beside it, synced, then renamed.</summary>
public sealed class DurableFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private bool _isCommitted;

    /// <summary>Begins it. What is there under the name stays until <see cref="Commit"/>.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="mode">Who may read and write it; null: what the process creates files with.</param>
    /// <exception cref="IOException">The folder is missing, or cannot be written.</exception>
    public DurableFile(string path, UnixFileMode? mode = null)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"{_path} is a folder. Name a file.");
        }
        var creation = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (mode is { } bits && !OperatingSystem.IsWindows())
        {
            // What an earlier attempt left has its own mode, which opening it would not change.
            File.Delete(Partial);
            creation.UnixCreateMode = bits;
        }
        _stream = new FileStream(Partial, creation);
    }

    /// <summary>Where the content goes.</summary>
    public Stream Stream => _stream;

    private string Partial => _path + ".partial";

    /// <summary>Returns when the file has its name and would survive a power cut.</summary>
    public void Commit()
    {
        _stream.Flush();
        Durability.SyncContents(_stream.SafeFileHandle);
        _stream.Dispose();
        File.Move(Partial, _path, overwrite: true);
        _isCommitted = true;
        Durability.SyncDirectory(Path.GetDirectoryName(_path)!);
    }

    /// <summary>Makes a folder and those above it that are missing. Returns when their names would survive a power cut.</summary>
    public static void CreateFolder(string path)
    {
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(full) && Path.GetDirectoryName(full) is { } above)
        {
            CreateFolder(above);
            Directory.CreateDirectory(full);
            Durability.SyncDirectory(above);
        }
    }

    /// <summary>Takes a file away. Returns when a power cut would not bring it back.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        Durability.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Returns when the names in a folder would survive a power cut.</summary>
    public static void SyncFolder(string path) => Durability.SyncDirectory(path);

    /// <summary>Takes away what was not committed.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_isCommitted)
        {
            File.Delete(Partial);
        }
    }
}
