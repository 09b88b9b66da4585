using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>A file that is there whole or not at all: written under another name beside it, synced, then renamed.</summary>
public sealed class DurableFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private bool _isCommitted;

    /// <summary>Begins it. What is there under the name stays until <see cref="Commit"/>.</summary>
    /// <exception cref="IOException">The folder is missing, or cannot be written.</exception>
    public DurableFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"{_path} is a folder. Name a file.");
        }
        _stream = new FileStream(Partial, FileMode.Create, FileAccess.Write, FileShare.None);
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
