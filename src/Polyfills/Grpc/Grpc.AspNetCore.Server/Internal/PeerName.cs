using System.Net;
using System.Net.Sockets;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// The name of a peer: <c>ipv4:192.0.2.1:50000</c>, <c>ipv6:[2001:db8::1]:50000</c>, or <c>unknown</c> without an address.
/// </summary>
internal static class PeerName
{
    public static string Of(IPAddress? address, int port)
    {
        if (address is null)
        {
            return "unknown";
        }
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        return address.AddressFamily == AddressFamily.InterNetwork ? $"ipv4:{address}:{port}" : $"ipv6:[{address}]:{port}";
    }
}
