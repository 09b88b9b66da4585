namespace EdgeAgent.Spooling.Files;

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

    /// <summary>Replaces a small file: whenever the power fails, the one before or the new one is there, whole. Returns when the new one would survive that.</summary>
    /// <param name="path">Its name. The folder has to be there.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Who may read and write it.</param>
    /// <exception cref="IOException">The disk does not take it: the one before is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new DurableFile(path, mode);
        file._stream.Write(content);
        file.Commit();
    }

    /// <summary>The same for content that comes in pieces, and may turn out to be no good: then nothing is left of it.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="mode">Exactly this, whatever the process creates files with.</param>
    /// <param name="write">Returns what is wrong with it; null where nothing is.</param>
    /// <returns>What is wrong with it.</returns>
    public static T? Write<T>(string path, UnixFileMode mode, Func<Stream, T?> write)
        where T : class
    {
        using var file = new DurableFile(path, mode);
        T? wrong = write(file._stream);
        if (wrong is null)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file._stream.SafeFileHandle, mode);
            }
            file.Commit();
        }
        return wrong;
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
