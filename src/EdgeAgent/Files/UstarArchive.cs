namespace EdgeAgent.Files;

/// <summary>Writes a ustar archive of plain files.</summary>
/// <param name="target">Where it goes; the caller's.</param>
/// <param name="mode">Of each file.</param>
/// <param name="time">When each was changed last.</param>
internal sealed class UstarArchive(Stream target, UnixFileMode mode, DateTimeOffset time)
{
    /// <param name="name">At most 99 ASCII characters.</param>
    /// <param name="content">All of the file.</param>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        target.Write(UstarHeader.Encode(name, content.Length, mode, time));
        target.Write(content);
        target.Write(new byte[UstarHeader.PaddingAfter(content.Length)]);
    }

    /// <summary>After the last file: two empty blocks.</summary>
    public void End() => target.Write(new byte[2 * UstarHeader.BlockBytes]);
}
