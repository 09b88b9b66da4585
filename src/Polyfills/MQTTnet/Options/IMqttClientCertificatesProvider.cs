using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>Has the certificates that a client shows. It is asked at every connect, so that a renewed one is used from then on.</summary>
public interface IMqttClientCertificatesProvider
{
    /// <summary>Each with its private key; null for none.</summary>
    X509CertificateCollection? GetCertificates();
}
