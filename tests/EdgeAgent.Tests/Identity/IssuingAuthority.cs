using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Tests.Identity;

/// <summary>Issues certificates for devices by their requests, as the service does.</summary>
internal sealed class IssuingAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public IssuingAuthority(string name = "EdgeAgent devices")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-5), DateTimeOffset.UtcNow.AddYears(5));
    }

    public X509Certificate2 Issue(byte[] certificateRequest, string device, DateTimeOffset from, DateTimeOffset to)
    {
        var asked = CertificateRequest.LoadSigningRequest(certificateRequest, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"urn:edge-agent:device:{device}"));
        var request = new CertificateRequest(new X500DistinguishedName($"CN={device}"), asked.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(_root, from, to, RandomNumberGenerator.GetBytes(16));
    }

    public void Dispose() => _root.Dispose();
}
