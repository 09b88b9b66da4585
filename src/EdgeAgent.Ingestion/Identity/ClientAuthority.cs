using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// The authorities that sign devices. The system's own roots play no part: a public authority must not vouch for a device.
/// </summary>
internal sealed class ClientAuthority(X509Certificate2Collection roots)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    public static ClientAuthority Load(string path)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(path);
        return roots.Count > 0 ? new ClientAuthority(roots) : throw new CryptographicException($"{path} holds no certificate.");
    }

    /// <param name="certificate">The caller's.</param>
    /// <param name="sent">The chain that TLS has built, for the intermediates that the caller sent along.</param>
    public bool Trusts(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Nothing is fetched because a stranger's certificate names an address.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }
        return chain.Build(certificate);
    }
}
