using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>
/// What a device asks a certificate for: PKCS#10 (RFC 2986), DER. Its key counts, and that whoever asks has it. Its subject is ignored; a subject alternative name may
/// name the device that asks, or be left out.
/// </summary>
/// <param name="Key">The public key.</param>
/// <param name="KeyHash">SHA-256 of its SubjectPublicKeyInfo.</param>
/// <param name="Hash">SHA-256 of the request.</param>
internal sealed record SigningRequest(PublicKey Key, byte[] KeyHash, byte[] Hash)
{
    /// <summary>A request with an RSA key of 4,096 bits has 1,600 bytes. What is longer is not even parsed.</summary>
    public const int MaximumBytes = 8 * 1024;

    // RFC 5480, section 2.1.1.1.
    private const string P256 = "1.2.840.10045.3.1.7", P384 = "1.3.132.0.34";

    /// <param name="request">The bytes.</param>
    /// <param name="device">Who asks.</param>
    /// <param name="read">The request.</param>
    /// <param name="problem">Why it is unusable, for people.</param>
    public static bool TryRead(ByteString request, string device, [NotNullWhen(true)] out SigningRequest? read, [NotNullWhen(false)] out string? problem)
    {
        read = null;
        if (request.Length is 0 or > MaximumBytes)
        {
            problem = $"The request for a certificate has {request.Length} bytes, not 1 to {MaximumBytes}.";
            return false;
        }
        CertificateRequest parsed;
        try
        {
            // With extensions, because the name in them is looked at; none is taken over. It also checks the signature.
            parsed = CertificateRequest.LoadSigningRequest(
                request.ToByteArray(), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        }
        catch (Exception failure) when (failure is CryptographicException or NotSupportedException or ArgumentException)
        {
            problem = "The request for a certificate is no PKCS#10 in DER, or not signed with its own key.";
            return false;
        }
        problem = KeyProblem(parsed.PublicKey) ?? NameProblem(parsed, device);
        if (problem is not null)
        {
            return false;
        }
        read = new SigningRequest(parsed.PublicKey, SHA256.HashData(parsed.PublicKey.ExportSubjectPublicKeyInfo()), SHA256.HashData(request.Span));
        return true;
    }

    private static string? KeyProblem(PublicKey key)
    {
        try
        {
            using ECDsa? elliptic = key.GetECDsaPublicKey();
            using RSA? rsa = key.GetRSAPublicKey();
            bool isUsable = elliptic is not null ? elliptic.ExportParameters(false).Curve is { IsNamed: true, Oid.Value: P256 or P384 } : rsa?.KeySize is >= 2048 and <= 4096;
            return isUsable ? null : "The key must be of the curves P-256 or P-384, or RSA with 2,048 to 4,096 bits.";
        }
        catch (Exception failure) when (failure is CryptographicException or NotSupportedException)
        {
            return "The key of the request cannot be read.";
        }
    }

    private static string? NameProblem(CertificateRequest request, string device) =>
        request.CertificateExtensions.Where(static extension => extension.Oid?.Value == DeviceName.SubjectAlternativeName).All(extension =>
            DeviceName.TryReadAll(extension.RawData, DeviceName.UriPrefix, out IReadOnlyList<string> named) && named.All(name => name == device))
        ? null : $"The request asks for a name other than {device}.";
}
