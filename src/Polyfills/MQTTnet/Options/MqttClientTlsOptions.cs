using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>How the connection is made secure.</summary>
public sealed class MqttClientTlsOptions
{
    /// <summary>Decides on the server's certificate, whatever the system thinks of it. Default null: the system decides.</summary>
    public Func<MqttClientCertificateValidationEventArgs, bool>? CertificateValidationHandler { get; set; }

    /// <summary>Default false.</summary>
    public bool UseTls { get; set; }

    /// <summary>Do not ask whether certificates are revoked. Default false.</summary>
    public bool IgnoreCertificateRevocationErrors { get; set; }

    /// <summary>Take a certificate of an unknown authority, as long as its name is right. Default false.</summary>
    public bool IgnoreCertificateChainErrors { get; set; }

    /// <summary>How revocation is checked. Default: online.</summary>
    public X509RevocationMode RevocationMode { get; set; } = X509RevocationMode.Online;

    /// <summary>What this client shows of itself, asked for at every connect. Default null: nothing.</summary>
    public IMqttClientCertificatesProvider? ClientCertificatesProvider { get; set; }

    /// <summary>ALPN. Default null: none.</summary>
    public List<SslApplicationProtocol>? ApplicationProtocols { get; set; }

    /// <summary>The name that the server's certificate must bear. Default null: the host that is connected to.</summary>
    public string? TargetHost { get; set; }

    /// <summary>Default: 1.2 and 1.3.</summary>
    public SslProtocols SslProtocol { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The only roots to trust. Default null: the system's.</summary>
    public X509Certificate2Collection? TrustChain { get; set; }
}
