using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>Makes <see cref="MqttClientTlsOptions"/>, whose members say what each means. TLS is on unless it is turned off.</summary>
public sealed class MqttClientTlsOptionsBuilder
{
    private readonly MqttClientTlsOptions _options = new() { UseTls = true };

    /// <summary>Hands the options out.</summary>
    public MqttClientTlsOptions Build() => _options;

    /// <inheritdoc cref="MqttClientTlsOptions.UseTls"/>
    public MqttClientTlsOptionsBuilder UseTls(bool useTls = true) => With(options => options.UseTls = useTls);

    /// <inheritdoc cref="MqttClientTlsOptions.CertificateValidationHandler"/>
    public MqttClientTlsOptionsBuilder WithCertificateValidationHandler(Func<MqttClientCertificateValidationEventArgs, bool> certificateValidationHandler)
    {
        ArgumentNullException.ThrowIfNull(certificateValidationHandler);
        return With(options => options.CertificateValidationHandler = certificateValidationHandler);
    }

    /// <summary>Shows one of these certificates, each with its private key.</summary>
    public MqttClientTlsOptionsBuilder WithClientCertificates(IEnumerable<X509Certificate2> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        return WithClientCertificatesProvider(new DefaultMqttCertificatesProvider(certificates));
    }

    /// <summary>Shows one of these certificates, each with its private key.</summary>
    public MqttClientTlsOptionsBuilder WithClientCertificates(X509Certificate2Collection certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        return WithClientCertificatesProvider(new DefaultMqttCertificatesProvider(certificates));
    }

    /// <inheritdoc cref="MqttClientTlsOptions.ClientCertificatesProvider"/>
    public MqttClientTlsOptionsBuilder WithClientCertificatesProvider(IMqttClientCertificatesProvider clientCertificatesProvider) =>
        With(options => options.ClientCertificatesProvider = clientCertificatesProvider);

    /// <inheritdoc cref="MqttClientTlsOptions.IgnoreCertificateChainErrors"/>
    public MqttClientTlsOptionsBuilder WithIgnoreCertificateChainErrors(bool ignoreCertificateChainErrors = true) =>
        With(options => options.IgnoreCertificateChainErrors = ignoreCertificateChainErrors);

    /// <inheritdoc cref="MqttClientTlsOptions.IgnoreCertificateRevocationErrors"/>
    public MqttClientTlsOptionsBuilder WithIgnoreCertificateRevocationErrors(bool ignoreCertificateRevocationErrors = true) =>
        With(options => options.IgnoreCertificateRevocationErrors = ignoreCertificateRevocationErrors);

    /// <inheritdoc cref="MqttClientTlsOptions.RevocationMode"/>
    public MqttClientTlsOptionsBuilder WithRevocationMode(X509RevocationMode revocationMode) => With(options => options.RevocationMode = revocationMode);

    /// <inheritdoc cref="MqttClientTlsOptions.SslProtocol"/>
    public MqttClientTlsOptionsBuilder WithSslProtocols(SslProtocols sslProtocols) => With(options => options.SslProtocol = sslProtocols);

    /// <inheritdoc cref="MqttClientTlsOptions.TargetHost"/>
    public MqttClientTlsOptionsBuilder WithTargetHost(string targetHost) => With(options => options.TargetHost = targetHost);

    /// <inheritdoc cref="MqttClientTlsOptions.ApplicationProtocols"/>
    public MqttClientTlsOptionsBuilder WithApplicationProtocols(List<SslApplicationProtocol> applicationProtocols) =>
        With(options => options.ApplicationProtocols = applicationProtocols);

    /// <inheritdoc cref="MqttClientTlsOptions.TrustChain"/>
    public MqttClientTlsOptionsBuilder WithTrustChain(X509Certificate2Collection chain) => With(options => options.TrustChain = chain);

    private MqttClientTlsOptionsBuilder With(Action<MqttClientTlsOptions> set)
    {
        set(_options);
        return this;
    }
}
