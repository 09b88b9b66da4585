namespace EdgeAgent.Spooling.Files;

/// <summary>
/// The spool's folder. Names are relative to it, with at most one folder in front (<c>quarantine/…</c>). A name that was created,
/// renamed or deleted is durable after <see cref="SyncDirectory"/> only; contents after <see cref="ISpoolFile.Sync"/> only.
/// </summary>
internal interface ISpoolFiles : IDisposable
{
    /// <summary>The names of the files in the folder, or in one folder in it; empty where that does not exist.</summary>
    IReadOnlyList<string> List(string folder = "");

    ISpoolFile Create(string name);

    ISpoolFile Open(string name);

    void Rename(string from, string to);

    void Delete(string name);

    void SyncDirectory(string folder = "");

    /// <summary>Bytes that the file system still has for others.</summary>
    long AvailableBytes { get; }
}

/// <summary>One open file. Any thread may call it.</summary>
internal interface ISpoolFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer as far as the file reaches, and says how far.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <exception cref="DiskFullException">There is no room. What was written up to then is undefined.</exception>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when the contents, and the length, would survive a power cut.</summary>
    void Sync();
}

/// <summary>ENOSPC, or a quota.</summary>
internal sealed class DiskFullException(Exception? inner = null) : IOException("The disk is full.", inner);
