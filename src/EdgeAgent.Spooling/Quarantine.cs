using System.Globalization;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// Files that made no sense, and records that the cloud refused, kept for a person to look at as long as nothing better needs the room. The oldest goes first,
/// and all of it goes before any record does.
/// </summary>
internal sealed class Quarantine
{
    /// <summary>What the names of refused records end with.</summary>
    public const string RefusedExtension = ".refused";

    private const string Folder = "quarantine";
    private readonly ISpoolFiles _files;
    private readonly long _maximumBytes;
    private readonly Queue<(string Name, long Bytes)> _kept = new();
    private long _next;

    public Quarantine(ISpoolFiles files, SpoolOptions options)
    {
        _files = files;
        // One segment at least, or nothing could ever be kept.
        _maximumBytes = Math.Max(options.MaximumBytes / 8, options.SegmentBytes);
        foreach (string name in files.List(Folder).Order(StringComparer.Ordinal))
        {
            string path = $"{Folder}/{name}";
            using ISpoolFile file = files.Open(path);
            _kept.Enqueue((path, file.Length));
            Bytes += file.Length;
            if (name.Length > 8 && long.TryParse(name.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                _next = Math.Max(_next, number + 1);
            }
        }
    }

    public long Bytes { get; private set; }

    /// <summary>Moves a file here and returns its new name.</summary>
    public string Add(string name, long bytes)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{Folder}/{_next++:d8}-{name}");
        _files.Rename(name, path);
        Keep(path, bytes);
        _files.SyncDirectory(Folder);
        _files.SyncDirectory();
        return path;
    }

    /// <summary>Writes a file here. Not where the disk is full: what it holds is in the ledger in any case.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{Folder}/{_next++:d8}-{name}");
        try
        {
            using ISpoolFile file = _files.Create(path);
            file.Write(content, 0);
            file.Sync();
        }
        catch (DiskFullException)
        {
            _files.Delete(path);
            return;
        }
        Keep(path, content.Length);
        _files.SyncDirectory(Folder);
    }

    public bool TryDeleteOldest()
    {
        if (!_kept.TryDequeue(out (string Name, long Bytes) oldest))
        {
            return false;
        }
        _files.Delete(oldest.Name);
        Bytes -= oldest.Bytes;
        return true;
    }

    private void Keep(string path, long bytes)
    {
        _kept.Enqueue((path, bytes));
        Bytes += bytes;
        while (Bytes > _maximumBytes && TryDeleteOldest())
        {
        }
    }
}
