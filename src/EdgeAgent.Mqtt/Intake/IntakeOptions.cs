using System.Net;
using System.Net.Security;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>The limits of an intake. Together they bound its memory: what a device can make us hold is a product of numbers below.</summary>
public sealed class IntakeOptions
{
    /// <summary>Where to listen. Default: loopback, port 1883 (IANA: mqtt), because an intake that is open to a network must be asked for. Port 0 picks a free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 1883);

    /// <summary>TLS with this certificate and, where wanted, with client certificates. Null (the default): plain TCP.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>
    /// The longest packet in bytes, its header counted. Default: 256 KiB, far above any reading and small enough for a thousand connections
    /// on a board with 1 GB. Advertised to 5.0 clients.
    /// </summary>
    public int MaximumPacketSize { get; init; } = 256 * 1024;

    /// <summary>
    /// The longest CONNECT in bytes, its will counted, and the longest packet of any other type than PUBLISH. Default: 16 KiB, because whoever
    /// sends a CONNECT has not shown yet who it is, because wills are held as long as the connection, and because nobody can subscribe here.
    /// </summary>
    public int MaximumConnectSize { get; init; } = 16 * 1024;

    /// <summary>
    /// What all connections together may hold in receive buffers beyond the 4 KiB that each has. Default: 16 MiB: 64 packets of the largest
    /// size at once, or 256 connections that send at full speed; an eighth of what the service's unit allows the whole agent. Beyond it
    /// connections read in small pieces, and a packet that does not fit ends its connection (0x97), so that the device sends it again later.
    /// </summary>
    public int MaximumBufferedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The longest topic in bytes. Default: 1 KiB; topics are held by topic aliases, so they must not be as long as packets.</summary>
    public int MaximumTopicLength { get; init; } = 1024;

    /// <summary>
    /// How many publishes of one connection may be unsettled. Default: 1024, so that a device can fill a group commit of 50 ms at 20,000
    /// messages a second. Advertised to 5.0 clients. Beyond it reading stops; a 5.0 client with so many unfinished QoS 2 messages is disconnected.
    /// </summary>
    public ushort ReceiveMaximum { get; init; } = 1024;

    /// <summary>How many connections at most, those in the handshake counted; more are closed at once. Default: 1024, more than the sensors of one site.</summary>
    public int MaximumConnections { get; init; } = 1024;

    /// <summary>
    /// How many client ids' state is remembered, connected or not. Default: 4096. When it is full, the one that is away for the longest time
    /// is forgotten, after which a QoS 2 message that it was handing over can arrive twice.
    /// </summary>
    public int MaximumSessions { get; init; } = 4096;

    /// <summary>
    /// How many wills may wait for their delay (5.0). Default: 256, which is 4 MiB of the largest. One more is published without its delay: a will
    /// that comes early is better than one that is lost.
    /// </summary>
    public int MaximumDelayedWills { get; init; } = 256;

    /// <summary>How many topic aliases a 5.0 device may set. Default: 16, enough for a device's own topics. Zero forbids them.</summary>
    public ushort TopicAliasMaximum { get; init; } = 16;

    /// <summary>The time from accepting a connection to a complete CONNECT, TLS handshake included. Default: 10 s, several round trips of a bad radio link.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time in which a device must take an acknowledgement from its socket. Default: 30 s: longer than a radio outage that TCP survives, shorter than a shift.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest keep-alive; whole seconds. Default: 10 min. A 5.0 device that asks for more (or for none) is told this one. A 3.1.1 device
    /// cannot be told and keeps its own; TCP keep-alive finds those that are gone.
    /// </summary>
    public TimeSpan MaximumKeepAlive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the state of a client that is away is kept at most; whole seconds. Default: 1 h. It is what a client without clean session
    /// gets in 3.1.1, and the cap for what a 5.0 client asks for. The state is in memory: a restart forgets it and says so (session present 0).
    /// </summary>
    public TimeSpan MaximumSessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a stop waits for publishes in flight to be settled and acknowledged. Default: 5 s, within systemd's usual 90 s with room for the stages behind.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumConnectSize, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumPacketSize, MaximumConnectSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumPacketSize, Packets.MqttFrame.MaximumLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBufferedBytes, Io.ReceiveBuffer.CostOf(MaximumPacketSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumTopicLength, 1);
        ArgumentOutOfRangeException.ThrowIfZero(ReceiveMaximum);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumSessions, MaximumConnections);
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumDelayedWills);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WriteTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumKeepAlive, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumKeepAlive, TimeSpan.FromSeconds(ushort.MaxValue));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumSessionExpiry, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumSessionExpiry, TimeSpan.FromSeconds(uint.MaxValue - 1));
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero);
    }
}
