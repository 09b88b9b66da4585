using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// What recovery reads may be in the page cache only. After a kill nothing has synced it yet; after a failed sync the pages count as
/// clean though the disk does not have them, and another sync would skip them. So what recovery is about to rely on is written once
/// more, unchanged, and then synced.
/// </summary>
internal static class FoundDurability
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Returns when the first bytes of the file would survive a power cut.</summary>
    public static void Rewrite(ISpoolFile file, long bytes)
    {
        byte[] chunk = new byte[ChunkBytes];
        for (long offset = 0; offset < bytes; offset += ChunkBytes)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, bytes - offset));
            int read = file.ReadAround(part, offset);
            file.Write(part[..read], offset);
        }
        file.Sync();
    }

    /// <summary>
    /// Writes the header that was pieced together: the next recovery could not do it again, as the marks that this one writes do not say any more
    /// what was before the segment.
    /// </summary>
    public static void WriteHeader(Segment segment, Guid bootId)
    {
        byte[] header = new byte[SegmentHeader.Bytes];
        new SegmentHeader(segment.Identity, bootId, (int)segment.File.Length, segment.ItemsBefore, segment.BytesBefore).Write(header);
        segment.File.Write(header, 0);
        segment.File.Sync();
    }
}
