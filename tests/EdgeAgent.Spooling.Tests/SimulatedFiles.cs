using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling.Tests;

/// <summary>
/// A folder in memory that knows what is durable and what only the page cache has. A power cut keeps what was synced, and of the rest
/// whatever a random number says: each sector of each write on its own, and each file's names as far as it likes, whatever became of
/// the others. A sync that fails leaves what it should have written in the cache, where it looks clean, and never on the disk.
/// </summary>
internal sealed class SimulatedFiles : ISpoolFiles
{
    private const int Sector = 512;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Inode> _names = new(StringComparer.Ordinal);
    private readonly List<NameChange> _nameChanges = []; // since the folder was synced
    private Dictionary<string, Inode> _durableNames = new(StringComparer.Ordinal);

    public static SimulatedFiles Formatted() => new();

    public int Syncs { get; private set; }

    /// <summary>Called before each call with what it is and the file's name; it may throw, or wait.</summary>
    public Action<string, string> Before { get; set; } = static (_, _) => { };

    public long AvailableBytes { get; set; } = long.MaxValue / 2;

    /// <summary>A page of a file that the disk does not give back any more.</summary>
    public (string Name, long Page)? UnreadablePage { get; set; }

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
        set => _names[name] = _durableNames[name] = new Inode(name) { Cached = value, Durable = [.. value] };
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
        var copies = new Dictionary<Inode, Inode>();
        lock (_gate)
        {
            foreach ((string name, Inode inode) in _names)
            {
                var copy = new Inode(name) { Cached = [.. inode.Cached], Durable = [.. inode.Durable] };
                copy.Writes.AddRange(inode.Writes);
                after._names[name] = copies[inode] = copy;
            }
            Inode Copy(Inode inode)
            {
                if (!copies.TryGetValue(inode, out Inode? copy))
                {
                    copies[inode] = copy = new Inode(inode.Name) { Durable = [.. inode.Durable] };
                }
                return copy;
            }
            after._durableNames = _durableNames.ToDictionary(static pair => pair.Key, pair => Copy(pair.Value));
            after._nameChanges.AddRange(_nameChanges.Select(change => change with { Inode = Copy(change.Inode) }));
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
            foreach ((string name, Inode inode) in luck is null ? _durableNames : SurvivingNames(luck))
            {
                byte[] content = inode.Surviving(luck);
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
            _nameChanges.Add(new NameChange(inode, null, name));
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
            _nameChanges.Add(new NameChange(inode, from, to));
        }
    }

    public void Delete(string name)
    {
        Before("delete", name);
        lock (_gate)
        {
            if (_names.Remove(name, out Inode? inode))
            {
                _nameChanges.Add(new NameChange(inode, name, null));
            }
        }
    }

    public void SyncDirectory(string folder = "")
    {
        Before("sync-directory", folder);
        lock (_gate)
        {
            _durableNames = new Dictionary<string, Inode>(_names);
            _nameChanges.Clear();
        }
    }

    public void Dispose()
    {
        // Nothing is held: the same folder is opened again by the next owner.
    }

    /// <summary>What became of a file's names is in order; of two files one may be ahead of the other.</summary>
    private Dictionary<string, Inode> SurvivingNames(Random luck)
    {
        var names = new Dictionary<string, Inode>(_durableNames);
        Dictionary<Inode, int> left = _nameChanges.GroupBy(static change => change.Inode)
            .ToDictionary(static changes => changes.Key, changes => luck.Next(changes.Count() + 1));
        foreach (NameChange change in _nameChanges)
        {
            if (left[change.Inode]-- <= 0)
            {
                continue;
            }
            if (change.From is { } from && names.TryGetValue(from, out Inode? there) && there == change.Inode)
            {
                names.Remove(from);
            }
            if (change.To is { } to)
            {
                names[to] = change.Inode;
            }
        }
        return names;
    }

    private sealed class Inode(string name)
    {
        public string Name { get; set; } = name;

        public byte[] Cached { get; set; } = [];

        public byte[] Durable { get; set; } = [];

        /// <summary>Writes since the last sync.</summary>
        public List<(long Offset, byte[] Bytes)> Writes { get; } = [];

        public static byte[] Overwrite(byte[] content, long offset, ReadOnlySpan<byte> bytes)
        {
            if (offset + bytes.Length > content.Length)
            {
                Array.Resize(ref content, (int)offset + bytes.Length);
            }
            bytes.CopyTo(content.AsSpan((int)offset));
            return content;
        }

        public byte[] Surviving(Random? luck)
        {
            byte[] content = [.. Durable];
            // In one accident most of it made it, in another one next to nothing.
            double odds = luck is null ? 0 : luck.Next(4) switch { 0 => 1.0, 1 => 0.9, 2 => 0.5, _ => 0.1 };
            foreach ((long offset, byte[] bytes) in luck is null ? [] : Writes)
            {
                for (int at = 0; at < bytes.Length;)
                {
                    int length = (int)Math.Min(Sector - ((offset + at) % Sector), bytes.Length - at);
                    if (luck!.NextDouble() < odds)
                    {
                        content = Overwrite(content, offset + at, bytes.AsSpan(at, length));
                    }
                    at += length;
                }
            }
            return content;
        }
    }

    /// <summary>A name that was given, taken away, or both.</summary>
    private sealed record NameChange(Inode Inode, string? From, string? To);

    private sealed class OpenFile(SimulatedFiles files, Inode inode) : ISpoolFile
    {
        private bool _closed;

        public long Length => inode.Cached.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            files.Before("read", inode.Name);
            if (files.UnreadablePage is { } bad && bad.Name == inode.Name && offset / 4096 <= bad.Page && bad.Page * 4096 < offset + buffer.Length)
            {
                throw new IOException("Input/output error", 5);
            }
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
                inode.Cached = Inode.Overwrite(inode.Cached, offset, bytes);
                inode.Writes.Add((offset, bytes.ToArray()));
            }
        }

        public void Sync()
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            (long Offset, byte[] Bytes)[] asked;
            lock (files._gate)
            {
                asked = [.. inode.Writes];
            }
            try
            {
                files.Before("sync", inode.Name);
            }
            catch
            {
                inode.Writes.RemoveRange(0, asked.Length);
                throw;
            }
            lock (files._gate)
            {
                files.Syncs++;
                foreach ((long offset, byte[] bytes) in asked)
                {
                    inode.Durable = Inode.Overwrite(inode.Durable, offset, bytes);
                }
                inode.Writes.RemoveRange(0, Math.Min(asked.Length, inode.Writes.Count));
            }
        }

        public void Dispose() => _closed = true;
    }
}
