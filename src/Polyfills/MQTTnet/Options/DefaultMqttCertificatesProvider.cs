using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>Always the same certificates.</summary>
public sealed class DefaultMqttCertificatesProvider : IMqttClientCertificatesProvider
{
    private readonly X509Certificate2Collection? _certificates;

    /// <summary>Shows these.</summary>
    public DefaultMqttCertificatesProvider(X509Certificate2Collection? certificates) => _certificates = certificates;

    /// <summary>Shows these.</summary>
    public DefaultMqttCertificatesProvider(IEnumerable<X509Certificate>? certificates)
    {
        if (certificates is not null)
        {
            _certificates = [];
            foreach (X509Certificate certificate in certificates)
            {
                _certificates.Add(certificate);
            }
        }
    }

    /// <inheritdoc/>
    public X509CertificateCollection? GetCertificates() => _certificates;
}
