using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// How many connections an address may have, handshakes included: one that takes all it can get leaves places to the others. Of IPv6 the first 64 bits count, which are
/// what one customer has.
/// </summary>
internal sealed partial class AddressLimit(int most, TimeProvider time, ILogger logger)
{
    private const int CustomerBytes = 8;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];
    private long _told = long.MinValue;

    /// <summary>Before TLS, so that what is refused has cost nothing.</summary>
    public void Use(ListenOptions listen) => listen.Use(next => async connection =>
    {
        IPAddress address = Counted((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None);
        if (!TryEnter(address))
        {
            connection.Abort(new ConnectionAbortedException("Its address has too many connections."));
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    });

    private bool TryEnter(IPAddress address)
    {
        bool tell;
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(address);
            if (open < most)
            {
                _open[address] = open + 1;
                return true;
            }
            long now = time.GetTimestamp();
            tell = _told == long.MinValue || time.GetElapsedTime(_told, now) > Quiet;
            _told = tell ? now : _told;
        }
        if (tell)
        {
            Log.Refused(logger, address, most);
        }
        return false;
    }

    private void Leave(IPAddress address)
    {
        lock (_gate)
        {
            if (--_open[address] == 0)
            {
                _open.Remove(address);
            }
        }
    }

    private static IPAddress Counted(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(CustomerBytes).Clear();
        return new IPAddress(bytes);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Connections from {Address} are refused: {Most} are open, which is what ingest.maximumConnectionsPerAddress allows. Told once a minute at most.")]
        public static partial void Refused(ILogger logger, IPAddress address, int most);
    }
}
