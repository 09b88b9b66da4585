using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Interop.Cases;

/// <summary>The server that a client is held against.</summary>
/// <param name="Host">The name or address to connect to.</param>
/// <param name="Port">The port.</param>
/// <param name="UseTls">Whether to encrypt; certificates are always verified.</param>
/// <param name="HostOverride">The name to call and to verify instead of <paramref name="Host"/>.</param>
/// <param name="Authorities">The only roots that are trusted; null trusts the platform's.</param>
internal sealed record Target(
    string Host, int Port, bool UseTls, string? HostOverride = null, X509Certificate2Collection? Authorities = null);
