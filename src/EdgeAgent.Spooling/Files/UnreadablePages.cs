namespace EdgeAgent.Spooling.Files;

/// <summary>
/// Reading past sectors that the disk does not give back any more: they are as good as overwritten, and must not take the rest of the
/// file with them.
/// </summary>
internal static class UnreadablePages
{
    private const int PageBytes = 4096;

    /// <summary>Like <see cref="ISpoolFile.Read"/>; a page that cannot be read comes as zeros.</summary>
    public static int ReadAround(this ISpoolFile file, Span<byte> buffer, long offset)
    {
        try
        {
            return file.Read(buffer, offset);
        }
        catch (IOException)
        {
            // Once more, a page at a time.
        }
        int reach = (int)Math.Clamp(file.Length - offset, 0, buffer.Length);
        for (int at = 0; at < reach;)
        {
            int bytes = (int)Math.Min(PageBytes - ((offset + at) % PageBytes), reach - at);
            Span<byte> page = buffer.Slice(at, bytes);
            try
            {
                file.Read(page, offset + at);
            }
            catch (IOException)
            {
                page.Clear();
            }
            at += bytes;
        }
        return reach;
    }
}
