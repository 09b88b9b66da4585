namespace EdgeAgent.Spooling.Files;

/// <summary>A real folder, owned through a lock on the file <c>lock</c> in it.</summary>
internal sealed class DiskFiles : ISpoolFiles
{
    private const string LockName = "lock";

    // EWOULDBLOCK of Linux and of macOS, and Windows' ERROR_SHARING_VIOLATION as an HRESULT.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly string _path;
    private readonly FileStream _lock;

    private DiskFiles(string path, FileStream owner)
    {
        _path = path;
        _lock = owner;
    }

    public long AvailableBytes => new DriveInfo(_path).AvailableFreeSpace;

    /// <exception cref="SpoolInUseException">Another owner has the folder.</exception>
    public static DiskFiles Own(string path)
    {
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            Directory.CreateDirectory(full);
            if (Path.GetDirectoryName(full) is { } parent)
            {
                // Without it a power cut can take the new folder with everything that was synced in it.
                Durability.SyncDirectory(parent);
            }
        }
        try
        {
            // flock: the kernel lets go of it when the owner dies, however it dies.
            return new DiskFiles(full, new FileStream(
                Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException taken) when (taken.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            throw new SpoolInUseException(full, taken);
        }
    }

    public IReadOnlyList<string> List(string folder = "")
    {
        string path = Path.Combine(_path, folder);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)!)] : [];
    }

    public ISpoolFile Create(string name)
    {
        string path = Path.Combine(_path, name);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        return new DiskFile(path, FileMode.Create);
    }

    public ISpoolFile Open(string name) => new DiskFile(Path.Combine(_path, name), FileMode.Open);

    public void Rename(string from, string to)
    {
        string target = Path.Combine(_path, to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(Path.Combine(_path, from), target, overwrite: true);
    }

    public void Delete(string name) => File.Delete(Path.Combine(_path, name));

    public void SyncDirectory(string folder = "") => Durability.SyncDirectory(Path.Combine(_path, folder));

    public void Dispose() => _lock.Dispose();
}
