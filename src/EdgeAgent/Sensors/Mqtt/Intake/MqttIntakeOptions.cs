using System.Net;

namespace EdgeAgent.Sensors.Mqtt.Intake;

/// <summary>An address that devices publish to, without a broker between.</summary>
internal sealed class MqttIntakeOptions : MqttSourceOptions
{
    /// <summary>Where to listen. Port 0 picks a free one.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>What of <see cref="MqttSourceOptions.Source"/> its listener and those who are connected to it depend on.</summary>
    public string Listener { get; init; } = "";

    /// <summary>PEM files with the server's certificate chain and key; null for plain TCP.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>PEM file with the roots of client certificates. Default null: devices show none. Where it is set, each must.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>Who may publish with a password. Empty where nobody does.</summary>
    public required IntakeUsers Users { get; init; }

    /// <summary>
    /// Whether a device may publish that shows neither a password nor a certificate. Default: on loopback only, where there
    /// is nobody but this machine.
    /// </summary>
    public required bool AllowsAnonymous { get; init; }
}
