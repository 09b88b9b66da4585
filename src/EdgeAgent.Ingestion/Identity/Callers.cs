using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// Which device is calling. The certificate of the connection says so, unless it is that of a proxy which ends the devices' TLS and is trusted by
/// name: then the certificate that it passes on does, which must be of the same authorities. That the device has the key to it is the proxy's word.
/// </summary>
/// <param name="proxies">The names of trusted proxies, <see cref="ProxyPrefix"/> left out. None: no header is ever looked at.</param>
/// <param name="authority">Who signs devices, and proxies.</param>
internal sealed class Callers(IReadOnlyList<string> proxies, ClientAuthority authority)
{
    /// <summary>What a proxy's certificate says instead of <see cref="DeviceName.UriPrefix"/>.</summary>
    public const string ProxyPrefix = "urn:edge-agent:proxy:";

    /// <param name="context">The call.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="problem">Where it cannot be said, what has to be put right. For people.</param>
    public bool TryIdentify(HttpContext context, [NotNullWhen(true)] out string? device, [NotNullWhen(false)] out string? problem)
    {
        device = null;
        problem = $"The certificate must name the device by exactly one subject alternative name {DeviceName.UriPrefix}NAME.";
        if (context.Connection.ClientCertificate is not { } own)
        {
            return false;
        }
        if (!DeviceName.TryRead(own, ProxyPrefix, out string? proxy) || !proxies.Contains(proxy))
        {
            return DeviceName.TryRead(own, out device);
        }
        using X509Certificate2? forwarded = ForwardedCertificate.Read(context.Request.Headers);
        if (forwarded is null)
        {
            problem = $"Proxy {proxy} must pass on the device's certificate, once, in the header {ForwardedCertificate.StandardHeader} or {ForwardedCertificate.EscapedHeader}.";
            return false;
        }
        if (!authority.Trusts(forwarded, null))
        {
            problem = $"The certificate that proxy {proxy} passes on is not of an authority that signs devices, or not valid now.";
            return false;
        }
        return DeviceName.TryRead(forwarded, out device);
    }
}
