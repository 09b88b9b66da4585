using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>What the client library is told: from our options to its.</summary>
internal static class BrokerConnection
{
    public static MqttClientOptions Connect(MqttBrokerOptions options, MqttProtocolVersion version)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Address.Host, options.Address.Port)
            .WithProtocolVersion(version)
            .WithClientId(options.ClientId)
            // The session is kept in both versions: 3.1.1 has no expiry, there the broker's own setting counts.
            .WithCleanStart(false)
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.ConnectTimeout);
        if (version == MqttProtocolVersion.V500)
        {
            builder
                .WithSessionExpiryInterval((uint)options.SessionExpiry.TotalSeconds)
                .WithReceiveMaximum((ushort)options.ReceiveMaximum);
        }
        if (options.UserName is not null)
        {
            builder.WithCredentials(options.UserName, options.Password?.Reveal() ?? "");
        }
        if (options.Address.Scheme == MqttOptionsReader.TlsScheme)
        {
            builder.WithTlsOptions(tls => Secure(tls, options));
        }
        return builder.Build();
    }

    public static MqttClientSubscribeOptions Subscribe(MqttBrokerOptions options, MqttProtocolVersion version)
    {
        // A session that was kept has had them. 3.1.1 cannot be asked: it gives them with each subscription, and what is not wanted is left by its flag.
        MqttRetainHandling retained = version != MqttProtocolVersion.V500 ? MqttRetainHandling.SendAtSubscribe
            : options.TakeRetained ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly
            : MqttRetainHandling.DoNotSendOnSubscribe;
        var builder = new MqttClientSubscribeOptionsBuilder();
        foreach (Mapping.MappingRule rule in options.Rules)
        {
            builder.WithTopicFilter(filter => filter
                .WithTopic(rule.Topic.Filter)
                .WithQualityOfServiceLevel((MqttQualityOfServiceLevel)rule.QualityOfService)
                .WithRetainHandling(retained));
        }
        return builder.Build();
    }

    private static void Secure(MqttClientTlsOptionsBuilder tls, MqttBrokerOptions options)
    {
        tls.UseTls().WithTargetHost(options.Address.Host);
        if (options.CertificateFile is { } certificate && options.KeyFile is { } key)
        {
            tls.WithClientCertificates(PemFiles.LoadChain(certificate, key));
        }
        if (options.AuthorityFile is { } authority)
        {
            X509Certificate2Collection roots = PemFiles.LoadRoots(authority);
            tls.WithCertificateValidationHandler(shown =>
                (shown.SslPolicyErrors & ~System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors) == 0
                && PemFiles.IsServerSignedBy(roots, shown.Certificate, shown.Chain));
        }
    }
}
