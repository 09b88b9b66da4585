using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeAgent.Testing;
using EdgeAgent.Uplink.Connecting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>What keeps the device from its service is told apart, in words and in the metric.</summary>
public sealed class ConnectFailureTests
{
    [Fact]
    public async Task A_name_without_an_address_is_a_failure_of_dns()
    {
        await using var rig = new UplinkRig();

        string sentence = await OnePeer.FailAsync(
            rig, new Uri("https://ingest.example.com:8443"), ConnectFailureCause.Dns, (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Contains("The name ingest.example.com could not be looked up: the resolver knows no address of it", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_refusal_that_names_each_address()
    {
        await using var rig = new UplinkRig();
        int port = Loopback.FreePort();

        string sentence = await OnePeer.FailAsync(
            rig, new Uri($"https://service:{port}"), ConnectFailureCause.Refused, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback]));

        Assert.StartsWith($"Nobody listens at service, port {port} (127.0.0.1: ", sentence, StringComparison.Ordinal);
        Assert.Contains("; ::1: ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_is_given_up_in_time()
    {
        var time = new ManualTimeProvider();
        await using var rig = new UplinkRig { ConnectionTime = time };
        Task<string> failing = OnePeer.FailAsync(rig, new Uri("https://service:1"), ConnectFailureCause.Dns, async (_, cancellationToken) =>
        {
            time.Advance(rig.Options.ConnectTimeout);
            await SessionScript.Hang(cancellationToken);
            return [];
        });

        Assert.Equal("No connection to service:1 within 7s500ms: the resolver has no answer for service.", await failing);
    }

    [Fact]
    public async Task A_peer_that_takes_the_connection_and_says_nothing_is_given_up_in_time()
    {
        var time = new ManualTimeProvider();
        await using var rig = new UplinkRig { ConnectionTime = time };
        using var peer = new OnePeer(async (stream, cancellationToken) =>
        {
            await stream.ReadExactlyAsync(new byte[1], cancellationToken);
            time.Advance(rig.Options.ConnectTimeout);
            await SessionScript.Hang(cancellationToken);
        });

        string sentence = await OnePeer.FailAsync(rig, new Uri($"https://localhost:{peer.Port}"), ConnectFailureCause.TimedOut);

        Assert.Equal($"No connection to localhost:{peer.Port} within 7s500ms: the TLS handshake was not finished.", sentence);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "The TLS handshake with ")]
    [InlineData("", "ended the connection in the middle of the TLS handshake")]
    public async Task A_port_without_tls_is_a_failure_of_the_handshake(string answer, string expected)
    {
        await using var rig = new UplinkRig();
        using var peer = new OnePeer(async (stream, cancellationToken) =>
        {
            await stream.ReadExactlyAsync(new byte[16], cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
        });

        Assert.Contains(expected, await OnePeer.FailAsync(rig, new Uri($"https://localhost:{peer.Port}"), ConnectFailureCause.TlsHandshake), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_told_with_both_names()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        var endpoint = new Uri($"https://other.localhost:{rig.Options.Endpoint.Port}");

        string sentence = await OnePeer.FailAsync(rig, endpoint, ConnectFailureCause.TlsName, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        Assert.Equal($"The certificate of {endpoint.Authority} is for localhost, 127.0.0.1, ::1, not for other.localhost.", sentence);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_told_with_its_issuer()
    {
        using var stranger = new TestAuthority("stranger");
        await using var rig = new UplinkRig();
        await rig.StartServerAsync(stranger);

        string sentence = await OnePeer.FailAsync(rig, rig.Options.Endpoint, ConnectFailureCause.TlsAuthority);

        Assert.Contains("is not trusted here: it was issued by 'CN=stranger' (", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_is_told_with_its_dates_and_the_devices_clock()
    {
        await using var rig = new UplinkRig();
        using X509Certificate2 expired = Expired();
        await File.WriteAllTextAsync(rig.Options.AuthorityFile!, expired.ExportCertificatePem());
        await rig.StartServerAsync(tls: https => https.ServerCertificate = expired);

        string sentence = await OnePeer.FailAsync(rig, rig.Options.Endpoint, ConnectFailureCause.TlsTime);

        Assert.Contains("'CN=localhost' is valid from 2001-01-01 00:00 to 2002-01-01 00:00 UTC, and the clock says 20", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_certificate_that_is_not_pinned_is_refused_and_its_pin_told()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        using var other = new TestAuthority();
        using X509Certificate2 root = other.Root;
        rig.Options.Pins = [PublicKeyPin.Of(root)];

        string sentence = await OnePeer.FailAsync(rig, rig.Options.Endpoint, ConnectFailureCause.TlsPin);

        Assert.Matches("is pinned: its own has the pin [A-Za-z0-9+/]{43}=, issued by 'CN=EdgeAgent test authority'", sentence);
    }

    [Fact]
    public async Task A_peer_without_http2_is_told_as_such()
    {
        await using var rig = new UplinkRig();
        await using WebApplication balancer = await BalancerAsync(rig, HttpProtocols.Http1);

        Assert.Contains("it chose http/1.1", await OnePeer.FailAsync(rig, new Uri(balancer.Urls.Single()), ConnectFailureCause.Http2Missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_balancer_that_answers_with_html_is_told_as_such_and_the_next_endpoint_is_tried()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await using WebApplication balancer = await BalancerAsync(rig, HttpProtocols.Http2);
        (rig.Options.FurtherEndpoints, rig.Options.Endpoint) = ([rig.Options.Endpoint], new Uri(balancer.Urls.Single()));
        await rig.AppendAsync(3);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Equal(1, rig.Metrics.ConnectFailures[ConnectFailureCause.NoService]);
        Assert.Contains(rig.Log.Lines, line => line.Contains("answered with HTTP status 502 and content type text/html instead of gRPC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sentence_stands_in_the_log_once_and_whole()
    {
        await using var rig = new UplinkRig();
        await rig.Slot.StartAsync(CancellationToken.None);
        rig.Options.Endpoint = new Uri($"https://127.0.0.1:{Loopback.FreePort()}");
        await rig.AppendAsync(1);

        rig.Run();
        await Eventually.TrueAsync(() => rig.Log.Lines.Count > 0, TimeSpan.FromSeconds(20), "the failure is logged");

        string line = rig.Log.Lines.First();
        Assert.Equal(1, line.Split("Nobody listens at").Length - 1);
        Assert.Contains($"Unavailable: Nobody listens at 127.0.0.1, port {rig.Options.Endpoint.Port} (127.0.0.1: Connection refused).", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_device_that_the_service_does_not_know_is_told_to_look_at_its_certificate_in_both_versions_of_tls(SslProtocols version)
    {
        using var stranger = new TestAuthority("stranger");
        await using var rig = new UplinkRig();
        rig.WriteDevice("device-1", stranger);
        await rig.Slot.StartAsync(CancellationToken.None);
        await rig.StartServerAsync(tls: https => https.SslProtocols = version);
        await rig.AppendAsync(1);

        rig.Run();

        await Eventually.TrueAsync(
            () => rig.Log.Lines.Any(line => line.Contains("not accept the device's certificate", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20),
            () => string.Join('\n', rig.Log.Lines));
        Assert.Empty(rig.Cloud.Sessions);
    }

    private static async Task<WebApplication> BalancerAsync(UplinkRig rig, HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(rig.Authority.IssueServer());
        }));
        WebApplication app = builder.Build();
        app.Run(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (StatusCodes.Status502BadGateway, "text/html");
            return context.Response.WriteAsync("<html><h1>502 Bad Gateway</h1></html>");
        });
        await app.StartAsync();
        return app;
    }

    private static X509Certificate2 Expired()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 withKey = request.CreateSelfSigned(
            new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2002, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
