using EdgeAgent.Configuration;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>Where the agent learns of a proxy.</summary>
internal enum ProxySource
{
    /// <summary><c>https_proxy</c> and <c>no_proxy</c> of the process, as every tool on the machine reads them.</summary>
    Environment,

    /// <summary>There is none, whatever the environment says.</summary>
    None,

    /// <summary>The configuration names it; <c>no_proxy</c> does not count.</summary>
    Configuration,
}

/// <summary>The proxy on the way to the service. Keys <c>proxy…</c> of section <c>cloud</c>.</summary>
internal sealed class ProxyOptions
{
    /// <summary>Default: the environment, because that is where a site's administrator puts it for everything.</summary>
    public ProxySource Source { get; set; } = ProxySource.Environment;

    /// <summary>The proxy of <see cref="ProxySource.Configuration"/>.</summary>
    public ProxyAddress? Address { get; set; }

    /// <summary>PEM file with the roots to trust for a proxy that speaks TLS (https://). Default null: the system's.</summary>
    public string? AuthorityFile { get; set; }
}

/// <summary>A proxy that takes HTTP CONNECT.</summary>
/// <param name="Url">http://host:port, or https://host:port for TLS to the proxy. Without user and password.</param>
/// <param name="User">Null: none is shown.</param>
/// <param name="Password">Null: an empty one.</param>
internal sealed record ProxyAddress(Uri Url, string? User, Secret? Password)
{
    public override string ToString() => $"{Url.Scheme}://{Url.Authority}";
}
