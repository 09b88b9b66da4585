using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>The encodings that one side knows, by name.</summary>
internal sealed class Codecs
{
    public const string Identity = "identity";

    private readonly Dictionary<string, ICompressionProvider> _byName = new(StringComparer.Ordinal);

    public Codecs(IEnumerable<ICompressionProvider> providers)
    {
        foreach (ICompressionProvider provider in providers)
        {
            _byName[provider.EncodingName] = provider;
        }
        AcceptEncoding = string.Join(',', _byName.Keys.Prepend(Identity));
    }

    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public string AcceptEncoding { get; }

    /// <summary>gzip and deflate at their fastest: a batch that deserves more is compressed once, before it is stored.</summary>
    public static IEnumerable<ICompressionProvider> Standard =>
        [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)];

    /// <summary>Finds the codec of a <c>grpc-encoding</c>; identity and nothing are known and need none.</summary>
    /// <returns>False when the name is not known.</returns>
    public bool TryFind(string? encoding, out ICompressionProvider? codec)
    {
        codec = null;
        return encoding is null or "" or Identity || _byName.TryGetValue(encoding, out codec);
    }
}
