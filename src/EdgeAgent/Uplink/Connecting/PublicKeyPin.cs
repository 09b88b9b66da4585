using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// What a pin is: SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4), which stays while the certificate is renewed with its key.
/// <code>
/// pin := ["sha256/"] base64 of 32 bytes | 64 hexadecimal digits
/// </code>
/// </summary>
internal static class PublicKeyPin
{
    private const string Prefix = "sha256/";

    public static string Of(X509Certificate2 certificate) => Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <param name="text">As it is written.</param>
    /// <param name="pin">As <see cref="Of"/> writes it.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? pin)
    {
        string bare = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        byte[] hash = new byte[SHA256.HashSizeInBytes];
        bool isPin = bare.Length == 2 * hash.Length
            ? Convert.FromHexString(bare, hash, out _, out int written) == System.Buffers.OperationStatus.Done && written == hash.Length
            : Convert.TryFromBase64String(bare, hash, out written) && written == hash.Length;
        pin = isPin ? Convert.ToBase64String(hash) : null;
        return isPin;
    }
}
