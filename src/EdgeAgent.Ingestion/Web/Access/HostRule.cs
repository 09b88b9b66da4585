using System.Net;
using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>
/// Refuses requests that were meant for another name. A page elsewhere may have its own name lead to this address (DNS rebinding): the browser then takes both for
/// one site, and only the Host header tells them apart.
/// </summary>
internal sealed class HostRule(IPEndPoint web, WebAccessOptions options)
{
    private readonly HashSet<string> _names = new(
        [.. options.Hosts.Select(static name => Written(name)), "localhost", "127.0.0.1", "[::1]", Written(web.Address.ToString())], StringComparer.OrdinalIgnoreCase);

    public bool Allows(HostString host) => _names.Contains(host.Host);

    // As it stands in a Host header.
    private static string Written(string name) => IPAddress.TryParse(name, out IPAddress? address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
        ? $"[{address}]"
        : name;
}
