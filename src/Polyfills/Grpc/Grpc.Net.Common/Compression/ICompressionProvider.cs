using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>A way to compress messages, by its name on the wire.</summary>
public interface ICompressionProvider
{
    /// <summary>The name in <c>grpc-encoding</c>: <c>gzip</c>.</summary>
    string EncodingName { get; }

    /// <summary>A stream that compresses into another; disposing of it ends the compressed data and leaves the other open.</summary>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that inflates what it reads from another.</summary>
    Stream CreateDecompressionStream(Stream stream);
}
