using System.Net;
using System.Net.Sockets;
using EdgeAgent.Diagnostics;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>The addresses of a name, asked for anew with every connection, so that a changed record is followed without a restart.</summary>
internal delegate Task<IPAddress[]> NameLookup(string host, CancellationToken cancellationToken);

/// <summary>TCP to a host by its name or address, over IPv6 or IPv4, whichever answers.</summary>
internal sealed class Dialer(NameLookup lookup, AgentMetrics metrics, TimeProvider time)
{
    /// <exception cref="ConnectFailedException">There is no address, or none of them answers.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }
        try
        {
            IPAddress[] resolved = await lookup(host, cancellationToken).ConfigureAwait(false);
            return resolved.Length > 0 ? AddressRace.Interleave(resolved) : throw new SocketException((int)SocketError.NoData);
        }
        catch (SocketException unknown)
        {
            string why = unknown.SocketErrorCode == SocketError.TryAgain ? "the resolver does not answer" : "the resolver knows no address of it";
            throw new ConnectFailedException(ConnectFailureCause.Dns, $"The name {host} could not be looked up: {why} ({unknown.Message}).", unknown);
        }
    }

    /// <summary>The socket's stream, which counts what passes.</summary>
    /// <param name="peer">How the log names who is there.</param>
    /// <param name="addresses">All of them are tried.</param>
    /// <param name="port">The same at all of them.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ConnectFailedException">None of the addresses answers.</exception>
    public async Task<Stream> ConnectAsync(string peer, IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        try
        {
            Socket winner = await AddressRace.RunAsync(
                addresses, (address, over) => DialAsync(address, port, over), time, cancellationToken).ConfigureAwait(false);
            metrics.Connections.Add();
            return new CountingStream(new NetworkStream(winner, ownsSocket: true), metrics);
        }
        catch (AggregateException all)
        {
            throw Failed(peer, port, [.. all.InnerExceptions.OfType<AddressFailedException>()]);
        }
    }

    private static async Task<Socket> DialAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        // Nagle's delay would hold back the last part of each session for the acknowledgement of the one before.
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            UnsentBytes.Bound(socket);
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new AddressFailedException(address, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ConnectFailedException Failed(string peer, int port, AddressFailedException[] failures)
    {
        string each = string.Join("; ", failures.Select(static failure => $"{failure.Address}: {failure.Message}"));
        // One address that refuses says more than another that no route leads to.
        return failures.Any(static failure => failure.Code == SocketError.ConnectionRefused)
            ? new ConnectFailedException(ConnectFailureCause.Refused, $"Nobody listens at {peer}, port {port} ({each}).")
            : failures.Any(static failure => failure.Code == SocketError.TimedOut)
                ? new ConnectFailedException(ConnectFailureCause.TimedOut, $"{peer}, port {port}, does not answer ({each}).")
                : new ConnectFailedException(ConnectFailureCause.Unreachable, $"No way leads to {peer}, port {port} ({each}).");
    }

    private sealed class AddressFailedException(IPAddress address, SocketException failure) : IOException(failure.Message, failure)
    {
        public IPAddress Address => address;

        public SocketError Code => failure.SocketErrorCode;
    }
}
