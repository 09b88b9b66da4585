using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity.Authority;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>What a client's certificate is worth.</summary>
internal enum CertificateTrust
{
    /// <summary>Signed by an authority that signs devices, and valid now.</summary>
    Trusted,

    /// <summary>It was that, until it expired.</summary>
    Expired,

    /// <summary>Neither.</summary>
    Foreign,
}

/// <summary>
/// The authorities that sign devices: the service's own, and those that are configured beside it. The system's own roots play no part: a public authority must not vouch
/// for a device.
/// </summary>
internal sealed class ClientAuthority(Authorities own, X509Certificate2Collection further, TimeProvider time)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Roots, and what lies below them where certificates may come alone.</summary>
    public X509Certificate2Collection Roots => [.. own.All.Select(static generation => generation.Root), .. further];

    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    public static X509Certificate2Collection LoadFurther(string? path)
    {
        var roots = new X509Certificate2Collection();
        if (path is null)
        {
            return roots;
        }
        roots.ImportFromPemFile(path);
        return roots.Count > 0 ? roots : throw new CryptographicException($"{path} holds no certificate.");
    }

    /// <param name="certificate">The caller's.</param>
    /// <param name="sent">The chain that TLS has built, for the intermediates that the caller sent along.</param>
    public CertificateTrust Judge(X509Certificate2 certificate, X509Chain? sent)
    {
        DateTime now = time.GetUtcNow().UtcDateTime, end = certificate.NotAfter.ToUniversalTime();
        if (now < end)
        {
            return Builds(certificate, sent, now) ? CertificateTrust.Trusted : CertificateTrust.Foreign;
        }
        // A second before its end, because OpenSSL counts the end itself as over.
        return Builds(certificate, sent, end.AddSeconds(-1)) ? CertificateTrust.Expired : CertificateTrust.Foreign;
    }

    private bool Builds(X509Certificate2 certificate, X509Chain? sent, DateTime at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Roots);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = at;
        // Nothing is fetched because a stranger's certificate names an address.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        foreach (AuthorityGeneration generation in own.All)
        {
            chain.ChainPolicy.ExtraStore.AddRange(generation.Signer?.Intermediates ?? []);
        }
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }
        return chain.Build(certificate);
    }
}
