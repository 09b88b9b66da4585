using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// Inflates compressed batches from outside into a pooled buffer that never grows beyond a limit, whatever the bytes claim or do.
/// Gzip has to be one member (RFC 1952), as its last four bytes then say how long the whole batch is.
/// </summary>
internal sealed class BatchInflater(int maximumBytes) : IDisposable
{
    /// <summary>Header and trailer of RFC 1952 without optional fields, and an empty block.</summary>
    private const int SmallestGzip = 20;

    /// <summary>Deflate turns a byte into 1,032 at most: a longer claim is a lie, and no memory is rented for it.</summary>
    private const int DeflateMaximumRatio = 1032;

    private byte[] _buffer = [];

    /// <returns>False: <paramref name="error"/> says why. The result is valid until the next call.</returns>
    public bool TryInflate(CompressedBatch compressed, out ReadOnlySpan<byte> batch, out DecodeError error)
    {
        ReadOnlySpan<byte> data = compressed.Data.Span;
        batch = default;
        switch (compressed.Encoding)
        {
            case BatchEncoding.Gzip:
                return TryInflateGzip(data, out batch, out error);
            case BatchEncoding.Brotli:
                return TryInflateBrotli(data, out batch, out error);
            default:
                error = new DecodeError(DecodeErrorCode.UnknownEncoding, $"compressed_batch.encoding {(int)compressed.Encoding} is unknown");
                return false;
        }
    }

    public void Dispose() => Rent(0);

    private bool TryInflateGzip(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> batch, out DecodeError error)
    {
        batch = default;
        if (data.Length < SmallestGzip)
        {
            error = Damaged("gzip is truncated");
            return false;
        }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(data[^sizeof(uint)..]);
        if (length > (long)data.Length * DeflateMaximumRatio)
        {
            error = Damaged($"{data.Length} bytes of gzip cannot hold {length}");
            return false;
        }
        if (length > maximumBytes)
        {
            error = TooLarge();
            return false;
        }
        // One byte more than is expected, to notice a batch that is longer than its trailer says.
        Rent((int)length + 1);
        if (!TryReadGzip(data, (int)length + 1, out int inflated) || inflated != length)
        {
            error = Damaged("gzip is corrupt, truncated or followed by something");
            return false;
        }
        batch = _buffer.AsSpan(0, inflated);
        error = default;
        return true;
    }

    private unsafe bool TryReadGzip(ReadOnlySpan<byte> data, int limit, out int inflated)
    {
        inflated = 0;
        fixed (byte* start = data)
        {
            using var source = new UnmanagedMemoryStream(start, data.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            try
            {
                int read;
                while (inflated < limit && (read = gzip.Read(_buffer.AsSpan(inflated, limit - inflated))) > 0)
                {
                    inflated += read;
                }
                return true;
            }
            catch (Exception damaged) when (damaged is InvalidDataException or IOException)
            {
                return false;
            }
        }
    }

    private bool TryInflateBrotli(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> batch, out DecodeError error)
    {
        batch = default;
        using var decoder = new BrotliDecoder();
        int length = 0;
        int room = Math.Min(maximumBytes, Math.Max(4 * data.Length, 1024));
        Rent(room);
        while (true)
        {
            OperationStatus status = decoder.Decompress(data, _buffer.AsSpan(length, room - length), out int consumed, out int written);
            data = data[consumed..];
            length += written;
            switch (status)
            {
                case OperationStatus.Done when data.IsEmpty:
                    batch = _buffer.AsSpan(0, length);
                    error = default;
                    return true;
                case OperationStatus.DestinationTooSmall when room < maximumBytes:
                    room = (int)Math.Min(maximumBytes, 2L * room);
                    Grow(room, length);
                    break;
                case OperationStatus.DestinationTooSmall:
                    error = TooLarge();
                    return false;
                default:
                    error = Damaged("Brotli is corrupt, truncated or followed by something");
                    return false;
            }
        }
    }

    private void Rent(int length)
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _buffer = length > 0 ? ArrayPool<byte>.Shared.Rent(length) : [];
    }

    private void Grow(int length, int keep)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(0, keep).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static DecodeError Damaged(string how) => new(DecodeErrorCode.Compression, $"compressed_batch.data: {how}");

    private DecodeError TooLarge() =>
        new(DecodeErrorCode.TooLarge, $"compressed_batch.data inflates to more than {maximumBytes} bytes");
}
