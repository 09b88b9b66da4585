using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity.Authority;

/// <summary>An authority with its key.</summary>
/// <param name="own">Its certificate, with the key.</param>
/// <param name="above">Certificates between it and the root, nearest first.</param>
/// <param name="root">Where the trust begins; the same certificate where it is a root itself.</param>
internal sealed class SigningAuthority(X509Certificate2 own, X509Certificate2Collection above, X509Certificate2 root)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>For clocks that are a little behind: a board sets its own from a server's answer, which took seconds to come.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    public X509Certificate2 Root => root;

    /// <summary>What follows a certificate that it has issued, without the root.</summary>
    public X509Certificate2Collection Intermediates { get; } = own.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span) ? [] : [own, .. above];

    /// <summary>Reads certificate, those above it, and the root at the end.</summary>
    /// <exception cref="InvalidDataException">The files do not hold an authority.</exception>
    public static SigningAuthority Load(string certificateFile, string keyFile, string? passphraseFile)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            if (chain.Count == 0)
            {
                throw new InvalidDataException($"{certificateFile} holds no certificate.");
            }
            X509Certificate2 root = chain[^1];
            if (!root.SubjectName.RawData.AsSpan().SequenceEqual(root.IssuerName.RawData))
            {
                throw new InvalidDataException($"{certificateFile} must end with the root; {root.Subject} is signed by {root.Issuer}.");
            }
            bool mayBePlain = passphraseFile is null || !File.ReadAllText(keyFile).Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
            X509Certificate2 own = mayBePlain
                ? X509Certificate2.CreateFromPemFile(certificateFile, keyFile)
                : X509Certificate2.CreateFromEncryptedPemFile(certificateFile, File.ReadAllText(passphraseFile!).TrimEnd('\r', '\n'), keyFile);
            if (own.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault() is not { CertificateAuthority: true })
            {
                throw new InvalidDataException($"The first certificate of {certificateFile}, {own.Subject}, may not sign others.");
            }
            return new SigningAuthority(own, [.. chain.Skip(1).Take(chain.Count - 2)], root);
        }
        catch (CryptographicException failure)
        {
            throw new InvalidDataException($"{certificateFile} and {keyFile} cannot be used: {failure.Message}", failure);
        }
    }

    /// <param name="device">Whom it names.</param>
    /// <param name="key">Its key.</param>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">From now on.</param>
    /// <param name="earliest">It does not begin before this: what did, was revoked.</param>
    public X509Certificate2 IssueDevice(string device, PublicKey key, DateTimeOffset now, TimeSpan lifetime, DateTimeOffset earliest)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(DeviceName.UriPrefix + device));
        DateTimeOffset from = now - ClockSlack;
        return Issue($"CN={device}", key, names, ClientAuthentication, from > earliest ? from : earliest, now + lifetime);
    }

    public X509Certificate2 IssueServer(PublicKey key, SubjectAlternativeNameBuilder names, DateTimeOffset now, TimeSpan lifetime) =>
        Issue("CN=edge-ingestion", key, names, ServerAuthentication, now - ClockSlack, now + lifetime);

    /// <summary>No more in it than is needed: a device on a metered line pays for each byte with each handshake.</summary>
    private X509Certificate2 Issue(
        string subject, PublicKey key, SubjectAlternativeNameBuilder names, string purpose, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(own, true, false));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(own.SubjectName, Signer(), from, until < own.NotAfter ? until : own.NotAfter, SerialNumber());
    }

    private X509SignatureGenerator Signer() => own.GetECDsaPrivateKey() is { } elliptic
        ? X509SignatureGenerator.CreateForECDsa(elliptic)
        : X509SignatureGenerator.CreateForRSA(own.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);

    private static byte[] SerialNumber()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        // Positive, and always as long: RFC 5280, section 4.1.2.2.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
