using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>A broker to subscribe to.</summary>
internal sealed class MqttBrokerOptions : MqttSourceOptions
{
    /// <summary>mqtt://host:1883 or mqtts://host:8883.</summary>
    public required Uri Address { get; init; }

    /// <summary>Names the session at the broker. Default: "edge-agent-" and the machine's name, so that a restart finds its session.</summary>
    public string ClientId { get; init; } = $"edge-agent-{Environment.MachineName}";

    /// <summary>Default null: anonymous.</summary>
    public string? UserName { get; init; }

    public Secret? Password { get; init; }

    /// <summary>PEM file with the roots to trust. Default null: the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM files with the client's certificate chain and key. Default null: none is shown.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>How long the broker keeps the session, and what is published meanwhile, while the agent is away. Default 1 d: an outage and its repair.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Silence after which the connection is tried. Default 30 s: NAT tables forget after a minute or more.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for connecting and subscribing. Default 10 s: the broker is near.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Messages that the broker may send ahead of their acknowledgements (MQTT 5; a 3.1.1 broker has a setting of its own).
    /// Default 1,000: at 100 ms a group commit 10,000 messages a second, in half a megabyte.
    /// </summary>
    public int ReceiveMaximum { get; init; } = 1_000;

    /// <summary>First and last step of the exponential backoff, each drawn with full jitter. Defaults 1 s and 1 min: the broker is near, and cheap to ask.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="BackoffFirst"/>
    public TimeSpan BackoffLast { get; init; } = TimeSpan.FromMinutes(1);
}
