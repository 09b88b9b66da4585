using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// Which device is calling. The certificate of the connection says so, unless it is that of a proxy which ends the devices' TLS and is trusted by
/// name: then the certificate that it passes on does, which must be of the same authorities. That the device has the key to it is the proxy's word.
/// Where there is no certificate of a device a bearer token may stand for it.
/// </summary>
/// <param name="proxies">The names of trusted proxies, <see cref="ProxyPrefix"/> left out. None: no header with a certificate is ever looked at.</param>
/// <param name="authority">Who signs devices, and proxies.</param>
/// <param name="bearers">Who else may call.</param>
/// <param name="time">The time.</param>
internal sealed class Callers(IReadOnlyList<string> proxies, ClientAuthority authority, BearerTokens bearers, TimeProvider time)
{
    /// <summary>What a proxy's certificate says instead of <see cref="DeviceName.UriPrefix"/>.</summary>
    public const string ProxyPrefix = "urn:edge-agent:proxy:";

    private const string NoName = $"The certificate must name the device by exactly one subject alternative name {DeviceName.UriPrefix}NAME.";

    public async ValueTask<Identification> IdentifyAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } own)
        {
            return await bearers.IdentifyAsync(context.Request.Headers)
                ?? Identification.Unknown("Show a certificate of a device, or a bearer token. Without either there is edge.v1.Identity/Enroll.");
        }
        // Who signed it was judged by the handshake; whether it has ended since, or had then, is seen here.
        bool isOver = own.NotAfter.ToUniversalTime() <= time.GetUtcNow().UtcDateTime;
        if (!IsProxy(own, out string? proxy))
        {
            return Of(own, isOver);
        }
        if (isOver)
        {
            return Identification.Unknown($"The certificate of proxy {proxy} has expired.");
        }
        if (ForwardedCertificate.IsMissing(context.Request.Headers))
        {
            return await bearers.IdentifyAsync(context.Request.Headers) ?? Identification.Unknown(MustPassOn(proxy!), isTrusted: true);
        }
        using X509Certificate2? forwarded = ForwardedCertificate.Read(context.Request.Headers);
        if (forwarded is null)
        {
            return Identification.Unknown(MustPassOn(proxy!));
        }
        return authority.Judge(forwarded, null) switch
        {
            CertificateTrust.Trusted => Of(forwarded, isOver: false),
            CertificateTrust.Expired => Of(forwarded, isOver: true),
            _ => Identification.Unknown($"The certificate that proxy {proxy} passes on is not of an authority that signs devices, or not valid yet."),
        };
    }

    /// <summary>The address behind this call is one of many devices.</summary>
    public bool IsThroughProxy(HttpContext context) => context.Connection.ClientCertificate is { } own && IsProxy(own, out _);

    private bool IsProxy(X509Certificate2 certificate, out string? proxy) =>
        DeviceName.TryRead(certificate, ProxyPrefix, out proxy) && proxies.Contains(proxy);

    private static string MustPassOn(string proxy) =>
        $"Proxy {proxy} must pass on the device's certificate, once, in the header {ForwardedCertificate.StandardHeader} or {ForwardedCertificate.EscapedHeader}.";

    private static Identification Of(X509Certificate2 certificate, bool isOver) => DeviceName.TryRead(certificate, out string? device)
        ? Identification.Of(new Caller(
            device, isOver ? CallerProof.ExpiredCertificate : CallerProof.Certificate, certificate.SerialNumber,
            new DateTimeOffset(certificate.NotBefore).ToUnixNanoseconds(), new DateTimeOffset(certificate.NotAfter).ToUnixNanoseconds()))
        : Identification.Unknown(NoName, isTrusted: !isOver);
}
