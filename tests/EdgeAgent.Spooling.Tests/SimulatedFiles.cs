using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling.Tests;

/// <summary>
/// A folder in memory that knows what is durable and what only the page cache has. A power cut keeps what was synced, and of the rest
/// nothing or, sector by sector, whatever a random number says.
/// </summary>
internal sealed class SimulatedFiles : ISpoolFiles
{
    private const int Sector = 512;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Inode> _names = new(StringComparer.Ordinal);
    private Dictionary<string, Inode> _durableNames = new(StringComparer.Ordinal);

    public static SimulatedFiles Formatted() => new();

    public int Syncs { get; private set; }

    /// <summary>Called before each call with what it is and the file's name; it may throw, or wait.</summary>
    public Action<string, string> Before { get; set; } = static (_, _) => { };

    public long AvailableBytes { get; set; } = long.MaxValue / 2;

    public IEnumerable<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public byte[] this[string name]
    {
        get => _names[name].Cached;
        set => _names[name] = new Inode(name) { Cached = value, Durable = value };
    }

    public void Remove(string name)
    {
        _names.Remove(name);
        _durableNames.Remove(name);
    }

    /// <summary>What another process finds after this one was killed: the page cache is still there.</summary>
    public SimulatedFiles AfterKill()
    {
        var after = new SimulatedFiles();
        lock (_gate)
        {
            foreach ((string name, Inode inode) in _names)
            {
                after._names[name] = new Inode(name) { Cached = [.. inode.Cached], Durable = [.. inode.Durable] };
            }
            after._durableNames = new Dictionary<string, Inode>(after._names);
        }
        return after;
    }

    /// <summary>What is found after the power came back.</summary>
    /// <param name="luck">Decides which unsynced sectors and names made it all the same; null: none.</param>
    public SimulatedFiles AfterPowerCut(Random? luck = null)
    {
        var after = new SimulatedFiles();
        lock (_gate)
        {
            bool namesMadeIt = luck?.Next(2) == 1;
            foreach ((string name, Inode inode) in namesMadeIt ? _names : _durableNames)
            {
                byte[] content = [.. inode.Durable];
                if (luck is not null && inode.Cached.Length >= content.Length)
                {
                    if (luck.Next(2) == 1)
                    {
                        Array.Resize(ref content, inode.Cached.Length);
                    }
                    for (int at = 0; at < content.Length; at += Sector)
                    {
                        if (luck.Next(2) == 1)
                        {
                            inode.Cached.AsSpan(at, Math.Min(Sector, content.Length - at)).CopyTo(content.AsSpan(at));
                        }
                    }
                }
                after._names[name] = new Inode(name) { Cached = content, Durable = [.. content] };
            }
            after._durableNames = new Dictionary<string, Inode>(after._names);
        }
        return after;
    }

    public IReadOnlyList<string> List(string folder = "")
    {
        string prefix = folder.Length == 0 ? "" : folder + "/";
        return [.. Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..]).Where(name => !name.Contains('/'))];
    }

    public ISpoolFile Create(string name)
    {
        Before("create", name);
        lock (_gate)
        {
            var inode = new Inode(name);
            _names[name] = inode;
            return new OpenFile(this, inode);
        }
    }

    public ISpoolFile Open(string name)
    {
        Before("open", name);
        lock (_gate)
        {
            return new OpenFile(this, _names[name]);
        }
    }

    public void Rename(string from, string to)
    {
        Before("rename", from);
        lock (_gate)
        {
            _names.Remove(from, out Inode? inode);
            _names[to] = inode!;
            inode!.Name = to;
        }
    }

    public void Delete(string name)
    {
        Before("delete", name);
        lock (_gate)
        {
            _names.Remove(name);
        }
    }

    public void SyncDirectory(string folder = "")
    {
        Before("sync-directory", folder);
        lock (_gate)
        {
            _durableNames = new Dictionary<string, Inode>(_names);
        }
    }

    public void Dispose()
    {
        // Nothing is held: the same folder is opened again by the next owner.
    }

    private sealed class Inode(string name)
    {
        public string Name { get; set; } = name;

        public byte[] Cached { get; set; } = [];

        public byte[] Durable { get; set; } = [];
    }

    private sealed class OpenFile(SimulatedFiles files, Inode inode) : ISpoolFile
    {
        private bool _closed;

        public long Length => inode.Cached.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            files.Before("read", inode.Name);
            lock (files._gate)
            {
                int count = (int)Math.Clamp(inode.Cached.Length - offset, 0, buffer.Length);
                inode.Cached.AsSpan((int)Math.Min(offset, inode.Cached.Length), count).CopyTo(buffer);
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            files.Before("write", inode.Name);
            lock (files._gate)
            {
                if (offset + bytes.Length > inode.Cached.Length)
                {
                    byte[] longer = new byte[offset + bytes.Length];
                    inode.Cached.CopyTo(longer, 0);
                    inode.Cached = longer;
                }
                bytes.CopyTo(inode.Cached.AsSpan((int)offset));
            }
        }

        public void Sync()
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            byte[] asked;
            lock (files._gate)
            {
                asked = [.. inode.Cached];
            }
            files.Before("sync", inode.Name);
            lock (files._gate)
            {
                files.Syncs++;
                inode.Durable = asked;
            }
        }

        public void Dispose() => _closed = true;
    }
}
