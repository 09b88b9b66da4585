using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>A server's certificate that is to be judged.</summary>
public sealed class MqttClientCertificateValidationEventArgs : EventArgs
{
    /// <summary>As the TLS stack has it.</summary>
    public MqttClientCertificateValidationEventArgs(
        X509Certificate certificate, X509Chain? chain, SslPolicyErrors sslPolicyErrors, IMqttClientChannelOptions clientOptions)
    {
        ArgumentNullException.ThrowIfNull(clientOptions);
        Certificate = certificate;
        Chain = chain;
        SslPolicyErrors = sslPolicyErrors;
        ClientOptions = clientOptions;
    }

    /// <summary>The server's own.</summary>
    public X509Certificate Certificate { get; }

    /// <summary>The system's attempt at a chain to a root, with what the server sent along.</summary>
    public X509Chain? Chain { get; }

    /// <summary>Of the connection that is being made.</summary>
    public IMqttClientChannelOptions ClientOptions { get; }

    /// <summary>What the system holds against it.</summary>
    public SslPolicyErrors SslPolicyErrors { get; }
}
