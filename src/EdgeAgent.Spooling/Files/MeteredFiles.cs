namespace EdgeAgent.Spooling.Files;

/// <summary>Counts what the spool asks of the file system: the one place where write amplification and syncs are measured.</summary>
internal sealed class MeteredFiles(ISpoolFiles inner) : ISpoolFiles
{
    private long _bytesWritten;
    private long _syncs;
    private long _directorySyncs;

    public long BytesWritten => Interlocked.Read(ref _bytesWritten);

    public long Syncs => Interlocked.Read(ref _syncs);

    public long DirectorySyncs => Interlocked.Read(ref _directorySyncs);

    public long AvailableBytes => inner.AvailableBytes;

    public IReadOnlyList<string> List(string folder = "") => inner.List(folder);

    public ISpoolFile Create(string name) => new MeteredFile(this, inner.Create(name));

    public ISpoolFile Open(string name) => new MeteredFile(this, inner.Open(name));

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string name) => inner.Delete(name);

    public void SyncDirectory(string folder = "")
    {
        Interlocked.Increment(ref _directorySyncs);
        inner.SyncDirectory(folder);
    }

    public void Dispose() => inner.Dispose();

    private sealed class MeteredFile(MeteredFiles meter, ISpoolFile inner) : ISpoolFile
    {
        public long Length => inner.Length;

        public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            Interlocked.Add(ref meter._bytesWritten, bytes.Length);
            inner.Write(bytes, offset);
        }

        public void Sync()
        {
            Interlocked.Increment(ref meter._syncs);
            inner.Sync();
        }

        public void Dispose() => inner.Dispose();
    }
}
