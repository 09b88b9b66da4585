using EdgeAgent.Configuration;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>Whether a proxy stands on the way to an endpoint, and which.</summary>
internal sealed class ProxyChoice(ProxyOptions options, Func<string, string?> environment)
{
    /// <returns>Null where the way is direct.</returns>
    /// <exception cref="ConnectFailedException">The environment names something that is no proxy.</exception>
    public ProxyAddress? For(Uri endpoint) => options.Source switch
    {
        ProxySource.None => null,
        ProxySource.Configuration => options.Address,
        _ => OfEnvironment(endpoint),
    };

    private ProxyAddress? OfEnvironment(Uri endpoint)
    {
        // The lower case one first, as curl does.
        if (Variable("https_proxy", "HTTPS_PROXY") is not { } found
            || (Variable("no_proxy", "NO_PROXY") is { } excepted && NoProxyList.Covers(excepted.Value, endpoint)))
        {
            return null;
        }
        return TryRead(found.Value, out ProxyAddress? proxy)
            ? proxy
            // What it is set to may hold a password.
            : throw new ConnectFailedException(
                ConnectFailureCause.Proxy, $"The environment variable {found.Name} names no proxy. Set it to http://host:port, or \"proxy\" to \"none\".");
    }

    /// <summary><c>[http:// | https://] [user [: password] @] host [: port]</c>, user and password percent-encoded.</summary>
    private static bool TryRead(string text, out ProxyAddress? proxy)
    {
        proxy = null;
        string full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return false;
        }
        string[] login = uri.UserInfo.Split(':', 2);
        proxy = new ProxyAddress(
            new UriBuilder(uri.Scheme, uri.Host, uri.Port).Uri,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(login[0]) : null,
            login.Length > 1 ? Secret.OfValue(Uri.UnescapeDataString(login[1])) : null);
        return true;
    }

    /// <summary>One that is set to nothing is not set.</summary>
    private (string Name, string Value)? Variable(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (environment(name)?.Trim() is { Length: > 0 } value)
            {
                return (name, value);
            }
        }
        return null;
    }
}
