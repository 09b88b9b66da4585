using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>Who wants to connect, and what it shows to prove it. The password is valid during the call only.</summary>
public readonly struct IntakeConnect
{
    /// <summary>The client id, or the one that the intake has assigned because the device sent none.</summary>
    public required string ClientId { get; init; }

    /// <summary>Null where the device is anonymous.</summary>
    public string? UserName { get; init; }

    /// <summary>The password as bytes; empty where none was sent.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>The certificate that the device has shown in the TLS handshake; already validated as <see cref="IntakeOptions.Tls"/> says.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Where the connection comes from.</summary>
    public required IPEndPoint RemoteEndPoint { get; init; }

    /// <summary>The protocol that the device speaks.</summary>
    public required MqttProtocolVersion Version { get; init; }
}
