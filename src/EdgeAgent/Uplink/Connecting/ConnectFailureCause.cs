namespace EdgeAgent.Uplink.Connecting;

/// <summary>Why there is no connection to the service. Attribute <c>cause</c> of <c>edge_agent.uplink.connect_failures</c>.</summary>
internal enum ConnectFailureCause
{
    /// <summary>The name of the service or of the proxy has no address here: look at the resolver, then at the name.</summary>
    Dns,

    /// <summary>Nobody listens at the port, or a firewall says so: look at the port and at the service.</summary>
    Refused,

    /// <summary>No way leads to the address: look at the line.</summary>
    Unreachable,

    /// <summary>Something on the way takes packets and answers nothing: look at the line, then at firewalls.</summary>
    TimedOut,

    /// <summary>The proxy does not let the connection pass, does not know the user, or is none.</summary>
    Proxy,

    /// <summary>The certificate at the other end is for another name.</summary>
    TlsName,

    /// <summary>The certificate at the other end is of an authority that is not trusted here, or may not be used for servers.</summary>
    TlsAuthority,

    /// <summary>A certificate at the other end is not valid at this device's time: look at the device's clock first.</summary>
    TlsTime,

    /// <summary>The certificate is trusted, and none of its chain is pinned: the service's key changed, or something stands in between.</summary>
    TlsPin,

    /// <summary>The handshake failed for another reason: no TLS at the port, no common version, the device's certificate refused (TLS 1.2).</summary>
    TlsHandshake,

    /// <summary>TLS was agreed on, and HTTP/2 was not: a load balancer that speaks HTTP/1.1 only.</summary>
    Http2Missing,

    /// <summary>What answers speaks HTTP/2 and not gRPC: a load balancer without a service behind it, or a portal.</summary>
    NoService,

    /// <summary>The connection was made and ended before anything was answered on it, as where the device's certificate is refused (TLS 1.3).</summary>
    CutOff,
}
