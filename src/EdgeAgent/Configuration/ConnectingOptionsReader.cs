using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Configuration;

/// <summary>The keys of section <c>cloud</c> that say how the service is reached.</summary>
internal static class ConnectingOptionsReader
{
    /// <summary>More of them would only make the way back to the first one longer.</summary>
    private const int MostEndpoints = 8;

    public static void Read(ConfigSection section, UplinkOptions options)
    {
        ReadEndpoints(section, options);
        options.ServerName = ReadServerName(section);
        options.Pins = ReadPins(section, "pin");
        options.Proxy = ReadProxy(section);
        options.MaximumConnectionAge = section.Time("maximumConnectionAge", options.MaximumConnectionAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
    }

    public static IReadOnlyCollection<string> ReadPins(ConfigSection section, string key) =>
        [.. section.Texts(key).Select(node => ReadPin(section, node)).OfType<string>()];

    private static void ReadEndpoints(ConfigSection section, UplinkOptions options)
    {
        Uri? one = section.Address("endpoint", required: false, ("https", 443));
        IReadOnlyList<ConfigNode> several = section.Texts("endpoints");
        if (section.Has("endpoint") == section.Has("endpoints"))
        {
            section.Report("endpoint", section.Has("endpoint")
                ? "The service is either one or several. Give \"endpoint\" or \"endpoints\"."
                : "This key is missing. Add it.");
        }
        if (several.Count > MostEndpoints)
        {
            section.Report("endpoints", $"There are {several.Count} endpoints here, and {MostEndpoints} are enough. Remove some.");
        }
        var read = new List<Uri>();
        foreach (ConfigNode node in several)
        {
            if (section.Address(node, ("https", 443)) is not { } endpoint)
            {
                continue;
            }
            if (read.Contains(endpoint))
            {
                section.Report(node, "This endpoint stands twice in the list. Remove one of them.");
            }
            read.Add(endpoint);
        }
        options.Endpoint = one ?? read.FirstOrDefault() ?? options.Endpoint;
        options.FurtherEndpoints = [.. read.Skip(1)];
    }

    private static string? ReadServerName(ConfigSection section)
    {
        string? name = section.Text("serverName");
        if (name is not null && Uri.CheckHostName(name) != UriHostNameType.Dns)
        {
            section.Report("serverName", $"\"{name}\" is not a host name. Write the name that the service's certificate is for.");
        }
        return name;
    }

    private static string? ReadPin(ConfigSection section, ConfigNode node)
    {
        if (!PublicKeyPin.TryRead(node.Text, out string? pin))
        {
            section.Report(node, $"\"{node.Text}\" is not a pin. Write the SHA-256 of a SubjectPublicKeyInfo in base64, such as \"sha256/…=\".");
        }
        return pin;
    }

    private static ProxyOptions ReadProxy(ConfigSection section)
    {
        const string environment = "environment", none = "none";
        ConfigNode? proxy = section.Any("proxy", fallback: environment);
        string? user = section.Text("proxyUser");
        Secret? password = Secret.Read(section, "proxyPassword");
        string? authorities = CertificateFiles.ReadAuthorities(section, "proxyCa");
        if (proxy is { Kind: not ConfigNodeKind.Text })
        {
            section.Report(proxy, $"This is {proxy.Describe()} where a text belongs. Change it.");
        }
        bool isAddress = proxy is { Kind: ConfigNodeKind.Text, Text: not (environment or none) };
        Uri? url = isAddress ? section.Address(proxy!, ("http", 3128), ("https", 3128)) : null;
        foreach (string key in isAddress ? ReadOnlySpan<string>.Empty : ["proxyUser", "proxyPassword"])
        {
            if (section.Has(key))
            {
                section.Report(key, "This belongs to a proxy that \"proxy\" names. Name it there or remove this.");
            }
        }
        if (password is not null && user is null)
        {
            section.Report("proxyUser", "A password needs its user. Add it.");
        }
        return new ProxyOptions
        {
            Source = isAddress ? ProxySource.Configuration : proxy?.Text == none ? ProxySource.None : ProxySource.Environment,
            Address = url is null ? null : new ProxyAddress(url, user, password),
            AuthorityFile = authorities,
        };
    }
}
