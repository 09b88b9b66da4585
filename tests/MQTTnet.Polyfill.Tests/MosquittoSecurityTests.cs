using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class MosquittoSecurityTests
{
    [InstalledFact("mosquitto")]
    public async Task A_client_certificate_is_shown_and_names_the_client()
    {
        using var authority = new TestAuthority();
        await using Mosquitto broker = await StartWithTlsAsync(authority);
        using X509Certificate2 device = authority.IssueDevice("boiler-7");
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();

        MqttClientConnectResult result = await client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", broker.Port)
            .WithTlsOptions(tls => tls.WithTargetHost("localhost").WithTrustChain([authority.Root]).WithRevocationMode(X509RevocationMode.NoCheck)
                .WithSslProtocols(SslProtocols.Tls13).WithClientCertificates([device]))
            .Build()).InTime();

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        Assert.True((await client.PublishStringAsync("a", new string('x', 100_000), MqttQualityOfServiceLevel.AtLeastOnce).InTime()).IsSuccess);
        await client.DisconnectAsync().InTime();
    }

    [StricterMosquittoFact("tells that writing failed")]
    public async Task Without_a_client_certificate_there_is_no_connection_and_the_reason_is_told()
    {
        using var authority = new TestAuthority();
        await using Mosquitto broker = await StartWithTlsAsync(authority);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();

        MqttCommunicationException refused = await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", broker.Port)
            .WithTlsOptions(tls => tls.WithCertificateValidationHandler(_ => true))
            .Build()).InTime());
        Assert.Contains("certificate required", refused.Message, StringComparison.Ordinal);
        Assert.False(client.IsConnected);
    }

    [StricterMosquittoFact("tells that writing failed")]
    public async Task A_client_certificate_of_another_authority_is_refused_and_the_reason_is_told()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("A stranger");
        await using Mosquitto broker = await StartWithTlsAsync(authority);
        using X509Certificate2 device = stranger.IssueDevice("boiler-7");
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        var endings = new Endings(client);

        MqttCommunicationException refused = await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("localhost", broker.Port)
            .WithTlsOptions(tls => tls.WithTrustChain([authority.Root]).WithRevocationMode(X509RevocationMode.NoCheck).WithClientCertificates([device]))
            .Build()).InTime());

        Assert.Contains("unknown ca", refused.Message, StringComparison.Ordinal);
        Assert.False((await endings.NextAsync()).ClientWasConnected);
    }

    [InstalledFact("mosquitto")]
    public async Task A_server_of_another_authority_is_refused()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("A stranger");
        await using Mosquitto broker = await StartWithTlsAsync(authority);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();

        MqttCommunicationException refused = await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("localhost", broker.Port)
            .WithTlsOptions(tls => tls.WithTrustChain([stranger.Root]).WithRevocationMode(X509RevocationMode.NoCheck))
            .Build()).InTime());
        Assert.IsType<AuthenticationException>(refused.GetBaseException());
    }

    [InstalledFact("mosquitto")]
    public async Task The_validation_handler_sees_the_servers_certificate_and_decides()
    {
        using var authority = new TestAuthority();
        await using Mosquitto broker = await StartWithTlsAsync(authority);
        using X509Certificate2 device = authority.IssueDevice("boiler-7");
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        foreach (bool isTrusted in new[] { false, true })
        {
            (string Subject, SslPolicyErrors Errors) seen = default;
            Task<MqttClientConnectResult> connecting = client.ConnectAsync(new MqttClientOptionsBuilder()
                .WithTcpServer("localhost", broker.Port)
                .WithTlsOptions(tls => tls.WithClientCertificates([device]).WithCertificateValidationHandler(shown =>
                {
                    seen = (shown.Certificate.Subject, shown.SslPolicyErrors);
                    return isTrusted;
                }))
                .Build());

            if (isTrusted)
            {
                Assert.Equal(MqttClientConnectResultCode.Success, (await connecting.InTime()).ResultCode);
            }
            else
            {
                await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => connecting.InTime());
            }
            Assert.Equal("CN=localhost", seen.Subject);
            Assert.True(seen.Errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors));
        }
    }

    [InstalledFact("mosquitto", "mosquitto_passwd")]
    public async Task A_right_password_connects_and_a_wrong_one_is_a_result_not_an_exception()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(folder => MosquittoSettings.Password(folder, "boiler", "h€iß"));
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            Assert.Equal(MqttClientConnectResultCode.Success, await ConnectAsync(broker, version, "boiler", "h€iß"));
            Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await ConnectAsync(broker, version, "boiler", "cold"));
        }
    }

    private static async Task<MqttClientConnectResultCode> ConnectAsync(Mosquitto broker, MqttProtocolVersion version, string user, string password)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(version).WithCredentials(user, password).Build()).InTime();
        Assert.Equal(result.ResultCode == MqttClientConnectResultCode.Success, client.IsConnected);
        return result.ResultCode;
    }

    private static Task<Mosquitto> StartWithTlsAsync(TestAuthority authority) =>
        Mosquitto.StartAsync(folder => MosquittoSettings.Tls(folder, authority, requireCertificate: true));
}
