using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Identity;

/// <summary>Certificates and keys as they lie on disk.</summary>
internal static class PemFiles
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>A certificate with its key, and the intermediates that follow it in the file.</summary>
    /// <exception cref="CryptographicException">The files are not PEM, or do not belong together.</exception>
    public static X509Certificate2Collection LoadChain(string certificateFile, string keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        // The first one is the leaf, and is wanted with its key.
        if (chain.Count > 0)
        {
            chain[0].Dispose();
            chain.RemoveAt(0);
        }
        chain.Insert(0, X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
        return chain;
    }

    /// <summary>The certificates to trust; empty where the file holds none.</summary>
    /// <exception cref="CryptographicException">What is there is no certificate.</exception>
    public static X509Certificate2Collection LoadRoots(string file)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }

    /// <summary>A private key, of which the file holds nothing else.</summary>
    /// <exception cref="CryptographicException">What is there is no private key of elliptic curves, or not one in the clear.</exception>
    public static ECDsa LoadKey(string file)
    {
        string text = File.ReadAllText(file);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return key;
        }
        catch (ArgumentException nothing)
        {
            key.Dispose();
            throw new CryptographicException($"{file} holds no private key (EC, in PEM, not encrypted).", nothing);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Differs where the file is not the one that it was.</summary>
    public static string Stamp(string? file) =>
        file is null ? "" : $"{new FileInfo(file) switch { { Exists: true } there => $"{there.LastWriteTimeUtc.Ticks}/{there.Length}", _ => "gone" }}";

    /// <summary>A server's TLS: its certificate, and client certificates where there are roots for them.</summary>
    public static SslServerAuthenticationOptions ServerTls(string certificateFile, string keyFile, string? clientAuthorityFile)
    {
        X509Certificate2Collection chain = LoadChain(certificateFile, keyFile);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(chain[0], new X509Certificate2Collection(chain.Skip(1).ToArray()), offline: true),
        };
        if (clientAuthorityFile is not null)
        {
            X509Certificate2Collection roots = LoadRoots(clientAuthorityFile);
            options.ClientCertificateRequired = true;
            options.RemoteCertificateValidationCallback = (_, certificate, sent, _) =>
                certificate is not null && IsSignedBy(roots, certificate, sent, ClientAuthentication);
        }
        return options;
    }

    /// <summary>For a client that trusts only these roots. The server's name is checked by the one who calls.</summary>
    public static bool IsServerSignedBy(X509Certificate2Collection roots, X509Certificate certificate, X509Chain? sent) =>
        IsSignedBy(roots, certificate, sent, ServerAuthentication);

    /// <summary>Whether these roots vouch for a server's chain that was seen before, its own certificate first, at whatever time.</summary>
    public static bool VouchFor(X509Certificate2Collection roots, X509Certificate2Collection seen)
    {
        using X509Chain chain = CustomChain(roots, ServerAuthentication);
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.ExtraStore.AddRange(seen);
        return seen.Count > 0 && chain.Build(seen[0]);
    }

    private static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate certificate, X509Chain? sent, string purpose)
    {
        using X509Chain chain = CustomChain(roots, purpose);
        foreach (X509ChainElement element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }

    private static X509Chain CustomChain(X509Certificate2Collection roots, string purpose)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        // A small site has no revocation service that could answer.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        return chain;
    }
}
