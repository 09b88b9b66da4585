using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Testing;

/// <summary>A certificate authority in memory (EC P-256) that issues what a test needs, as objects or as PEM files.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset NotBefore = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "EdgeAgent test authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(NotBefore, NotBefore.AddYears(2));
    }

    /// <summary>The root certificate without its key, as relying parties hold it.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(_root.RawData);

    public string RootPem => _root.ExportCertificatePem();

    /// <summary>A server certificate for localhost, 127.0.0.1 and ::1.</summary>
    public X509Certificate2 IssueServer(string dnsName = "localhost")
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        return Issue($"CN={dnsName}", names, "1.3.6.1.5.5.7.3.1");
    }

    /// <summary>A client certificate of a device: common name and SAN URI <c>urn:edge-agent:device:NAME</c>.</summary>
    public X509Certificate2 IssueDevice(string device) => IssueClient("device", device);

    /// <summary>A client certificate of a kind that is not a device, such as <c>proxy</c>: SAN URI <c>urn:edge-agent:KIND:NAME</c>.</summary>
    public X509Certificate2 IssueClient(string kind, string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"urn:edge-agent:{kind}:{name}"));
        return Issue($"CN={name}", names, "1.3.6.1.5.5.7.3.2");
    }

    /// <summary>Writes NAME.crt and NAME.key (PKCS#8) into the folder and returns both paths.</summary>
    public static (string Certificate, string Key) WritePem(X509Certificate2 certificate, string folder, string name)
    {
        string crt = Path.Combine(folder, name + ".crt");
        string key = Path.Combine(folder, name + ".key");
        File.WriteAllText(crt, certificate.ExportCertificatePem());
        using ECDsa privateKey = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(key, privateKey.ExportPkcs8PrivateKeyPem());
        return (crt, key);
    }

    public void Dispose() => _root.Dispose();

    private X509Certificate2 Issue(string subject, SubjectAlternativeNameBuilder names, string extendedKeyUsage)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(extendedKeyUsage)], false));
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        using X509Certificate2 certificate = request.Create(_root, NotBefore, NotBefore.AddYears(1), serial);
        using X509Certificate2 withKey = certificate.CopyWithPrivateKey(key);
        // Through PKCS#12, because SslStream wants a key that it can persist on some platforms.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
