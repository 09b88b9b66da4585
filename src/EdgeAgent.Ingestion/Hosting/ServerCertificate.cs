using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What the service shows to devices.</summary>
internal sealed record ServerCertificate(X509Certificate2 Own, X509Certificate2Collection Intermediates)
{
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files do not hold a certificate and its key.</exception>
    public static ServerCertificate Load(string certificateFile, string keyFile)
    {
        using X509Certificate2 withKey = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        chain.RemoveAt(0);
        return new ServerCertificate(Usable(withKey), chain);
    }

    /// <summary>Through PKCS#12, because TLS on some platforms wants a key that it can persist.</summary>
    public static X509Certificate2 Usable(X509Certificate2 withKey) => X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
}
