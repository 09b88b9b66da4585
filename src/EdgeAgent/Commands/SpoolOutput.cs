using System.IO.Compression;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Commands;

/// <summary>Where an export goes: a file that is there whole or not at all, or standard output; compressed on request.</summary>
internal sealed class SpoolOutput : IDisposable
{
    private readonly DurableFile? _file;
    private readonly Stream? _standard;
    private readonly GZipStream? _gzip;

    /// <param name="file">Null: standard output.</param>
    /// <param name="isCompressed">In gzip.</param>
    public SpoolOutput(string? file, bool isCompressed)
    {
        _file = file is null ? null : new DurableFile(file);
        _standard = file is null ? new BufferedStream(Console.OpenStandardOutput(), 64 * 1024) : null;
        Stream target = _file?.Stream ?? _standard!;
        _gzip = isCompressed ? new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true) : null;
        Stream = _gzip ?? target;
    }

    public Stream Stream { get; }

    /// <summary>All of it was written.</summary>
    public void Complete()
    {
        _gzip?.Dispose();
        _standard?.Flush();
        _file?.Commit();
    }

    public void Dispose()
    {
        _file?.Dispose();
    }
}
