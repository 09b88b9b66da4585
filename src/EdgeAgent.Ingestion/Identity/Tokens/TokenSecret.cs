using System.Buffers.Text;
using System.Security.Cryptography;

namespace EdgeAgent.Ingestion.Identity.Tokens;

internal enum TokenKind
{
    /// <summary>Good for one certificate.</summary>
    Enrolment,

    /// <summary>Shown with each call instead of a certificate.</summary>
    Bearer,
}

/// <summary>
/// The texts that are handed out, and are kept nowhere:
/// <code>
/// token  := prefix secret
/// prefix := "edge-enrol-" | "edge-bearer-"        so that people, and programs that look for leaked secrets, see what it is
/// secret := 43 base64url characters, of 256 random bits
/// </code>
/// 256 bits cannot be guessed, so that a plain SHA-256 protects them as well as a slow hash would.
/// </summary>
internal static class TokenSecret
{
    private const int Bytes = 32;

    public static (string Text, byte[] Hash) Create(TokenKind kind)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(secret);
        return (Prefix(kind) + Base64Url.EncodeToString(secret), SHA256.HashData(secret));
    }

    /// <summary>Looks like a token of this kind, well-formed or not.</summary>
    public static bool Is(TokenKind kind, string text) => text.StartsWith(Prefix(kind), StringComparison.Ordinal);

    /// <returns>What the token is stored as; null where it is none of this kind.</returns>
    public static byte[]? Hash(TokenKind kind, string text)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        ReadOnlySpan<char> encoded = Is(kind, text) ? text.AsSpan(Prefix(kind).Length) : default;
        return encoded.Length == Base64Url.GetEncodedLength(Bytes) && Base64Url.IsValid(encoded, out int length) && length == Bytes
            && Base64Url.TryDecodeFromChars(encoded, secret, out _) ? SHA256.HashData(secret) : null;
    }

    private static string Prefix(TokenKind kind) => kind == TokenKind.Enrolment ? "edge-enrol-" : "edge-bearer-";
}
