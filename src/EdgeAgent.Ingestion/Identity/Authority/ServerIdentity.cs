using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Identity.Authority;

/// <summary>
/// What the service shows to devices: the configured certificate, or one of its own authority. That has a key that lives in memory only, and is replaced while the service
/// runs, when two thirds of its life are over or when an older authority is finished.
/// </summary>
internal sealed class ServerIdentity
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly IdentityOptions _options;
    private readonly Authorities _authorities;
    private readonly TimeProvider _time;
    private readonly Lock _issuing = new();
    private readonly X509Certificate2? _configured;
    private volatile Shown _shown;

    /// <exception cref="CryptographicException">The configured files do not hold a certificate and its key.</exception>
    public ServerIdentity(IngestionOptions options, Authorities authorities, TimeProvider time)
    {
        (_options, _authorities, _time) = (options.Identity, authorities, time);
        if (options.CertificateFile is not null)
        {
            ServerCertificate certificate = ServerCertificate.Load(options.CertificateFile, options.KeyFile!);
            _configured = certificate.Own;
            _shown = new Shown(SslStreamCertificateContext.Create(certificate.Own, certificate.Intermediates, offline: true), null, DateTimeOffset.MaxValue);
        }
        else
        {
            _shown = Issue(authorities.Serving!);
        }
    }

    /// <summary>For the next connection. The same one for as long as the certificate is, so that TLS sessions can be resumed.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (IsCurrent(_shown))
            {
                return _shown.Context;
            }
            lock (_issuing)
            {
                if (!IsCurrent(_shown))
                {
                    _shown = Issue(_authorities.Serving!);
                }
                return _shown.Context;
            }
        }
    }

    /// <summary>
    /// Whether these roots are enough to trust what is shown. A device that took them for its own where they are not would not find back to this service.
    /// </summary>
    public bool IsSignedBy(X509Certificate2Collection roots)
    {
        if (_configured is null)
        {
            return true;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ExtraStore.AddRange(_shown.Context.IntermediateCertificates.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(_configured);
    }

    // A configured one stays until the next start.
    private bool IsCurrent(Shown shown) =>
        shown.Of is null || _authorities.Serving is not { } serving || (shown.Of == serving && _time.GetUtcNow() < shown.ReplaceAt);

    private Shown Issue(AuthorityGeneration generation)
    {
        DateTimeOffset now = _time.GetUtcNow();
        var names = new SubjectAlternativeNameBuilder();
        foreach (string name in _options.ServerNames is { Length: > 0 } configured ? configured : ["localhost", "127.0.0.1", "::1", Environment.MachineName])
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 issued = generation.Signer!.IssueServer(new PublicKey(key), names, now, Lifetime);
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return new Shown(
            SslStreamCertificateContext.Create(ServerCertificate.Usable(withKey), generation.Signer.Intermediates, offline: true), generation, now + (Lifetime * 2 / 3));
    }

    private sealed record Shown(SslStreamCertificateContext Context, AuthorityGeneration? Of, DateTimeOffset ReplaceAt);
}
