using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// A certificate authority in a folder, for development and tests: ca, server, device-NAME and proxy-NAME, each a .crt and a .key
/// (EC P-256, PKCS#8, mode 0600). Its key lies unprotected beside what it signed; a real fleet keeps it elsewhere.
/// </summary>
internal static class DevelopmentAuthority
{
    // A minute back, for a device whose clock is a little behind.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Writes the files. Never overwrites: a lost authority key cannot be had back.</summary>
    /// <returns>The paths written, in order.</returns>
    /// <exception cref="ArgumentException">A device's or a proxy's name is not usable.</exception>
    /// <exception cref="IOException">One of the files is there already, or cannot be written. In the first case none was.</exception>
    public static IReadOnlyList<string> Create(
        string folder, IReadOnlyList<string> devices, IReadOnlyList<string> hosts, IReadOnlyList<string>? proxies = null)
    {
        proxies ??= [];
        if (devices.Concat(proxies).FirstOrDefault(name => !DeviceName.IsValid(name)) is { } unusable)
        {
            throw new ArgumentException($"\"{unusable}\" cannot name a device or a proxy: use 1 to 64 letters, digits, '.', '_' and '-'.");
        }
        Directory.CreateDirectory(folder);
        string[] subjects = ["ca", "server", .. devices.Distinct().Select(device => $"device-{device}"), .. proxies.Distinct().Select(proxy => $"proxy-{proxy}")];
        string[] endings = [".crt", ".key"];
        string[] paths = [.. subjects.SelectMany(subject => endings.Select(ending => Path.Combine(folder, subject + ending)))];
        if (paths.FirstOrDefault(File.Exists) is { } present)
        {
            throw new IOException(
                $"{present} is there already and is not overwritten. Name another folder, or remove the files that you no longer need.");
        }

        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = CreateRoot(authorityKey);
        Write(folder, "ca", authority, authorityKey);

        var serverNames = new SubjectAlternativeNameBuilder();
        serverNames.AddDnsName("localhost");
        serverNames.AddIpAddress(IPAddress.Loopback);
        serverNames.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                serverNames.AddIpAddress(address);
            }
            else
            {
                serverNames.AddDnsName(host);
            }
        }
        Issue(folder, "server", "CN=localhost", serverNames, "1.3.6.1.5.5.7.3.1", authority);
        IssueClients(folder, "device", DeviceName.UriPrefix, devices, authority);
        IssueClients(folder, "proxy", Callers.ProxyPrefix, proxies, authority);
        return paths;
    }

    private static void IssueClients(string folder, string kind, string uriPrefix, IReadOnlyList<string> clients, X509Certificate2 authority)
    {
        foreach (string client in clients.Distinct())
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(uriPrefix + client));
            Issue(folder, $"{kind}-{client}", $"CN={client}", names, "1.3.6.1.5.5.7.3.2", authority);
        }
    }

    private static X509Certificate2 CreateRoot(ECDsa key)
    {
        var request = new CertificateRequest("CN=EdgeAgent development authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset from = TimeProvider.System.GetUtcNow() - ClockSlack;
        return request.CreateSelfSigned(from, from + Lifetime);
    }

    private static void Issue(
        string folder, string name, string subject, SubjectAlternativeNameBuilder names, string extendedKeyUsage,
        X509Certificate2 authority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(extendedKeyUsage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(
            authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        Write(folder, name, certificate, key);
    }

    private static void Write(string folder, string name, X509Certificate2 certificate, ECDsa key)
    {
        SafeFiles.WriteNew(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        SafeFiles.WriteNew(
            Path.Combine(folder, name + ".crt"), certificate.ExportCertificatePem(),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
