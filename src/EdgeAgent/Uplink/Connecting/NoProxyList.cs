using System.Globalization;
using System.Net;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// What <c>no_proxy</c> says, in the forms that tools agree on:
/// <code>
/// list  := entry *( ("," | white space) entry )
/// entry := "*"                                     everything
///        | ["." | "*."] name [":" port]            the name and all names below it
///        | address [":" port] | "[" IPv6 "]" [":" port]
///        | address "/" bits                        a network
/// </code>
/// Addresses and networks are compared with an endpoint that is written as an address; a name is not looked up for it.
/// </summary>
internal static class NoProxyList
{
    private static readonly char[] Separators = [',', ' ', '\t'];

    public static bool Covers(string list, Uri endpoint)
    {
        string host = endpoint.IdnHost.TrimEnd('.');
        IPAddress? address = IPAddress.TryParse(host, out IPAddress? literal) ? literal : null;
        foreach (string entry in list.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry == "*" || (address is null ? IsName(entry, host, endpoint.Port) : IsAddress(entry, address, endpoint.Port)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsName(string entry, string host, int port)
    {
        if (!TryCutPort(ref entry, port))
        {
            return false;
        }
        string name = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry.TrimStart('.');
        return name.Length > 0
            && host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            && (host.Length == name.Length || host[^(name.Length + 1)] == '.');
    }

    private static bool IsAddress(string entry, IPAddress address, int port)
    {
        if (entry.Split('/') is [string network, string digits])
        {
            return IPAddress.TryParse(network, out IPAddress? start)
                && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
                && IsInNetwork(address.GetAddressBytes(), start.GetAddressBytes(), bits);
        }
        // A plain IPv6 address has colons of its own.
        return (IPAddress.TryParse(entry, out IPAddress? one) || (TryCutPort(ref entry, port) && IPAddress.TryParse(entry, out one))) && one.Equals(address);
    }

    private static bool IsInNetwork(ReadOnlySpan<byte> address, ReadOnlySpan<byte> start, int bits)
    {
        if (address.Length != start.Length || bits > address.Length * 8)
        {
            return false;
        }
        int whole = bits / 8;
        int rest = 0xFF00 >> (bits % 8) & 0xFF;
        return address[..whole].SequenceEqual(start[..whole]) && (rest == 0 || (address[whole] & rest) == (start[whole] & rest));
    }

    /// <returns>False where the entry is for another port.</returns>
    private static bool TryCutPort(ref string entry, int port)
    {
        int colon = entry.LastIndexOf(':');
        if (colon < 0 || entry.EndsWith(']'))
        {
            return true;
        }
        bool isPort = int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given == port;
        entry = entry[..colon];
        return isPort;
    }
}
