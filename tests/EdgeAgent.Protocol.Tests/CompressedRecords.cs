using System.IO.Compression;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Tests;

/// <summary>Compresses what no encoder of ours would write.</summary>
internal static class CompressedRecords
{
    public static Record Compress(byte[] batch, BatchEncoding encoding, uint readings = 1)
    {
        using var bytes = new MemoryStream();
        using (Stream compressor = encoding == BatchEncoding.Gzip
            ? new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true)
            : new BrotliStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            compressor.Write(batch);
        }
        return Of(bytes.ToArray(), encoding, readings);
    }

    public static Record Of(byte[] data, BatchEncoding encoding, uint readings = 1) =>
        new() { Readings = readings, CompressedBatch = new CompressedBatch { Encoding = encoding, Data = ByteString.CopyFrom(data) } };
}
