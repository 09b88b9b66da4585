using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>How to connect, and as whom. Made by <see cref="MqttClientOptionsBuilder"/>.</summary>
public sealed class MqttClientOptions
{
    /// <summary>Where the server is: a <see cref="MqttClientTcpOptions"/>.</summary>
    public IMqttClientChannelOptions? ChannelOptions { get; set; }

    /// <summary>Forget what the server kept of this client (5.0: clean start). Default true.</summary>
    public bool CleanSession { get; set; } = true;

    /// <summary>Names the session at the server; empty where the server is to choose. Default: random.</summary>
    public string ClientId { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>User name and password, asked for at every connect. Default null: none.</summary>
    public IMqttClientCredentialsProvider? Credentials { get; set; }

    /// <summary>The longest silence in either direction before the connection is tried; zero for never. Default 15 s.</summary>
    public TimeSpan KeepAlivePeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest packet, in bytes, that the server may send (5.0). Default 0: no limit but the protocol's.</summary>
    public uint MaximumPacketSize { get; set; }

    /// <summary>Default 5.0.</summary>
    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.V500;

    /// <summary>Messages of QoS 1 and 2 that the server may send ahead of their acknowledgements (5.0). Default 0: 65,535, the protocol's default.</summary>
    public ushort ReceiveMaximum { get; set; }

    /// <summary>Whether the server may explain itself by reason strings (5.0). Default true.</summary>
    public bool RequestProblemInformation { get; set; } = true;

    /// <summary>Whether the server shall say where to have responses sent (5.0). Default false.</summary>
    public bool RequestResponseInformation { get; set; }

    /// <summary>Seconds for which the server keeps the session after the connection's end; 4,294,967,295 for ever (5.0). Default 0.</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>The longest time for connecting, subscribing, pinging and disconnecting; the caller's token may end them sooner. Default 100 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Topic aliases that the server may use (5.0). Default 0: none.</summary>
    public ushort TopicAliasMaximum { get; set; }

    /// <summary>Sent with CONNECT (5.0). Default null: none.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }

    /// <summary>Whether to throw where an option needs 5.0 and 3.1.1 is spoken. Default true; otherwise such options are left out.</summary>
    public bool ValidateFeatures { get; set; } = true;

    /// <summary>The will's content type (5.0).</summary>
    public string? WillContentType { get; set; }

    /// <summary>The will's correlation data (5.0).</summary>
    public byte[]? WillCorrelationData { get; set; }

    /// <summary>Seconds between the connection's end and the will's publication (5.0). Default 0.</summary>
    public uint WillDelayInterval { get; set; }

    /// <summary>Seconds for which the will is of use (5.0). Default 0: for ever.</summary>
    public uint WillMessageExpiryInterval { get; set; }

    /// <summary>The will's payload. Default null: empty.</summary>
    public byte[]? WillPayload { get; set; }

    /// <summary>What kind of bytes the will's payload is (5.0).</summary>
    public MqttPayloadFormatIndicator WillPayloadFormatIndicator { get; set; } = MqttPayloadFormatIndicator.Unspecified;

    /// <summary>The will's quality of service.</summary>
    public MqttQualityOfServiceLevel WillQualityOfServiceLevel { get; set; }

    /// <summary>Where answers to the will are to go (5.0).</summary>
    public string? WillResponseTopic { get; set; }

    /// <summary>Whether the will is retained.</summary>
    public bool WillRetain { get; set; }

    /// <summary>The topic of what the server publishes in this client's name when it is lost. Default null: there is no will.</summary>
    public string? WillTopic { get; set; }

    /// <summary>The will's user properties (5.0).</summary>
    public List<MqttUserProperty>? WillUserProperties { get; set; }
}
