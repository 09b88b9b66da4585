namespace EdgeAgent.Protocol;

/// <summary>How <see cref="BatchEncoder"/> compresses a batch where that makes it smaller.</summary>
public enum BatchCompression
{
    /// <summary>Not at all. For devices whose processor is dearer than their line.</summary>
    None,

    /// <summary>RFC 1952. Every service and every language can read it.</summary>
    Gzip,

    /// <summary>RFC 7932. Smaller, but only for services that list <c>br</c> in <c>edge-accept-encodings</c>.</summary>
    Brotli,
}
