using System.IO.Compression;

namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// Compresses whole batches. The compressors of .NET cannot be reset, so that each batch costs some small objects and the native
/// state behind them; nothing is allocated per reading.
/// </summary>
internal sealed class BatchCompressor
{
    /// <summary>Below this nothing was ever gained: gzip's frame alone is 18 bytes, and there is nothing to learn from.</summary>
    public const int SmallestWorthTrying = 100;

    /// <summary>
    /// Hourly batches of the office data became 9 % smaller than with quality 1; qualities above gain less than 1 % and take tens of
    /// times longer.
    /// </summary>
    private const int BrotliQuality = 5;

    /// <summary>2^18 bytes: a batch is smaller, and a small window keeps the compressor's memory small.</summary>
    private const int BrotliWindow = 18;

    private ReusedArray<byte> _bytes = new(1024);

    /// <summary>Compresses into fewer than <paramref name="limit"/> bytes.</summary>
    /// <returns>False where that is not possible or not worth trying. The result is valid until the next call.</returns>
    public bool TryCompress(ReadOnlySpan<byte> batch, BatchCompression compression, int limit, out ReadOnlySpan<byte> compressed)
    {
        compressed = default;
        if (compression == BatchCompression.None || batch.Length < SmallestWorthTrying)
        {
            return false;
        }
        _bytes.EndRound(limit);
        _bytes.Ensure(limit, keep: 0);
        Memory<byte> room = _bytes.Items.AsMemory(0, limit - 1);
        return compression == BatchCompression.Gzip ? TryGzip(batch, room, out compressed) : TryBrotli(batch, room, out compressed);
    }

    private static bool TryGzip(ReadOnlySpan<byte> batch, Memory<byte> room, out ReadOnlySpan<byte> compressed)
    {
        using var stream = new FixedStream(room);
        // The highest level saves 1.5 %. Hourly batches take no longer with it than with the default, as setting up dominates;
        // batches of 10,000 readings take 66 ns a reading instead of 25, which is still little beside the bytes.
        using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(batch);
        }
        compressed = stream.Written;
        return !stream.Overflowed;
    }

    private static bool TryBrotli(ReadOnlySpan<byte> batch, Memory<byte> room, out ReadOnlySpan<byte> compressed)
    {
        bool fits = BrotliEncoder.TryCompress(batch, room.Span, out int written, BrotliQuality, BrotliWindow);
        compressed = room.Span[..written];
        return fits;
    }
}
