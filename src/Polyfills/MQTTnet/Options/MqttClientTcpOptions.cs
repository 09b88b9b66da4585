using System.Net;
using System.Net.Sockets;

namespace MQTTnet;

/// <summary>A server that is reached by a stream socket.</summary>
public sealed class MqttClientTcpOptions : IMqttClientChannelOptions
{
    /// <summary>Default: whatever the address needs.</summary>
    public AddressFamily AddressFamily { get; set; } = AddressFamily.Unspecified;

    /// <summary>What closing does with bytes on their way. Default null: the system delivers them while it can, acknowledgements above all.</summary>
    public LingerOption? LingerState { get; set; }

    /// <summary>The local address to connect from. Default null: the system chooses.</summary>
    public EndPoint? LocalEndpoint { get; set; }

    /// <summary>Send at once what is written. Default true: writes are gathered already.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>Default TCP; unspecified for Unix sockets.</summary>
    public ProtocolType ProtocolType { get; set; } = ProtocolType.Tcp;

    /// <summary>The server.</summary>
    public EndPoint? RemoteEndpoint { get; set; }

    /// <summary>Default: no TLS.</summary>
    public MqttClientTlsOptions TlsOptions { get; set; } = new();

    /// <inheritdoc/>
    public override string ToString() => RemoteEndpoint?.ToString() ?? "";
}
