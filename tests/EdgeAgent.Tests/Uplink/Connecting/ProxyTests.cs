using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Testing;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>Through proxies: tinyproxy as it is, tinyproxy behind TLS, and some by hand that do not do what they should.</summary>
public sealed class ProxyTests
{
    [InstalledFact("tinyproxy")]
    public async Task Sessions_pass_through_a_proxy_with_a_login_and_its_handshake_is_counted_too()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await using Tinyproxy proxy = await Tinyproxy.StartAsync(rig.Options.Endpoint.Port);
        rig.Options.Proxy = Named(proxy.Url, Tinyproxy.User, Tinyproxy.Password);
        await rig.AppendAsync(3);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Contains($"CONNECT localhost:{rig.Options.Endpoint.Port} HTTP/1.1", proxy.Output, StringComparison.Ordinal);
        // The metric counts what passes the proxy's socket, and that begins with CONNECT: nothing less than without a proxy and the request's bytes.
        (long sent, long received) = await DirectAsync();
        Assert.True(rig.Metrics.WireBytesSent.Value >= sent + 100, $"{rig.Metrics.WireBytesSent.Value} and {sent} bytes");
        Assert.True(rig.Metrics.WireBytesReceived.Value >= received + 19, $"{rig.Metrics.WireBytesReceived.Value} and {received} bytes");
    }

    [InstalledFact("tinyproxy")]
    public async Task A_proxy_that_wants_a_login_says_so_and_so_does_one_that_does_not_accept_it()
    {
        await using var rig = new UplinkRig();
        await using Tinyproxy proxy = await Tinyproxy.StartAsync(Loopback.FreePort());
        var service = new Uri("https://ingest.example.com:8443");

        rig.Options.Proxy = Named(proxy.Url, null, null);
        string nobody = await OnePeer.FailAsync(rig, service, ConnectFailureCause.Proxy);
        await using var second = new UplinkRig();
        second.Options.Proxy = Named(proxy.Url, "edge", "wrong-hunter2");
        string wrong = await OnePeer.FailAsync(second, service, ConnectFailureCause.Proxy);

        Assert.Equal($"The proxy http://{proxy.Url.Authority} wants a user and a password (HTTP status 407): set \"proxyUser\" and \"proxyPassword\".", nobody);
        Assert.StartsWith($"The proxy http://{proxy.Url.Authority} does not accept the user and the password", wrong, StringComparison.Ordinal);
    }

    [InstalledFact("tinyproxy")]
    public async Task A_proxy_that_forbids_the_port_or_cannot_reach_the_service_says_so()
    {
        int allowed = Loopback.FreePort();
        await using Tinyproxy proxy = await Tinyproxy.StartAsync(allowed);
        await using var forbidden = new UplinkRig();
        await using var unreachable = new UplinkRig();
        forbidden.Options.Proxy = unreachable.Options.Proxy = Named(proxy.Url, Tinyproxy.User, Tinyproxy.Password);

        Assert.Contains(
            "does not let connections pass to localhost:1 (HTTP status 403)",
            await OnePeer.FailAsync(forbidden, new Uri("https://localhost:1"), ConnectFailureCause.Proxy),
            StringComparison.Ordinal);
        Assert.Matches(
            $"(cannot reach localhost:{allowed}|did not open a tunnel to localhost:{allowed}).*HTTP status 5\\d\\d",
            await OnePeer.FailAsync(unreachable, new Uri($"https://localhost:{allowed}"), ConnectFailureCause.Proxy));
    }

    [InstalledFact("tinyproxy")]
    public async Task A_proxy_behind_tls_is_checked_by_its_own_authority_and_never_sees_the_device()
    {
        using var company = new TestAuthority("company");
        using X509Certificate2 certificate = company.IssueServer();
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await using Tinyproxy proxy = await Tinyproxy.StartAsync(rig.Options.Endpoint.Port);
        int shown = 0;
        using var front = new OnePeer(async (stream, cancellationToken) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, client, _, _) => Interlocked.Add(ref shown, client is null ? 0 : 1) >= 0,
                },
                cancellationToken);
            using var behind = new TcpClient();
            await behind.ConnectAsync(IPAddress.Loopback, proxy.Url.Port, cancellationToken);
            Task up = tls.CopyToAsync(behind.GetStream(), cancellationToken);
            await Task.WhenAny(up, behind.GetStream().CopyToAsync(tls, cancellationToken));
        });
        rig.Options.Proxy = Named(new Uri($"https://localhost:{front.Port}"), Tinyproxy.User, Tinyproxy.Password);
        Assert.Contains(
            "The certificate of the proxy https://localhost:",
            await OnePeer.FailAsync(rig, rig.Options.Endpoint, ConnectFailureCause.TlsAuthority),
            StringComparison.Ordinal);

        rig.Options.Proxy.AuthorityFile = rig.Folder["company.crt"];
        await File.WriteAllTextAsync(rig.Folder["company.crt"], company.RootPem);
        await rig.AppendAsync(3);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Equal(["device-1"], rig.Cloud.Devices);
        Assert.Equal(0, Volatile.Read(ref shown));
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\r\n", "wants a login of another kind than Basic (HTTP status 407)")]
    [InlineData("HTTP/1.1 200 OK\r\nno end of the head", "ended the connection before it answered")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://portal/\r\nContent-Type: text/html\r\n\r\n<html>", "did not open a tunnel to service:8443: it answered with HTTP status 302")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "is no HTTP proxy")]
    [InlineData("HTTP/1.1 \r\n\r\n", "is no HTTP proxy")]
    [InlineData("", "ended the connection before it answered")]
    public async Task What_answers_for_a_proxy_and_is_none_is_told_without_the_password(string answer, string expected)
    {
        await using var rig = new UplinkRig();
        using var peer = new OnePeer(async (stream, cancellationToken) =>
        {
            await ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
        });
        rig.Options.Proxy = Named(new Uri($"http://localhost:{peer.Port}"), "edge", "hunter2");

        string sentence = await OnePeer.FailAsync(rig, new Uri("https://service:8443"), ConnectFailureCause.Proxy);

        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_never_ends_its_answer_is_given_up_after_16_KiB()
    {
        await using var rig = new UplinkRig();
        using var peer = new OnePeer(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellationToken);
            while (true)
            {
                await stream.WriteAsync("X-Filler: 0123456789\r\n"u8.ToArray(), cancellationToken);
            }
        });
        rig.Options.Proxy = Named(new Uri($"http://localhost:{peer.Port}"), null, null);

        Assert.Contains("is no HTTP proxy", await OnePeer.FailAsync(rig, new Uri("https://service:8443"), ConnectFailureCause.Proxy), StringComparison.Ordinal);
        Assert.InRange(rig.Metrics.WireBytesReceived.Value, 1, 64 * 1024);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named_as_the_one_that_is_missing()
    {
        await using var rig = new UplinkRig();
        int port = Loopback.FreePort();
        rig.Options.Proxy = Named(new Uri($"http://127.0.0.1:{port}"), "edge", "hunter2");

        string sentence = await OnePeer.FailAsync(rig, new Uri("https://service:8443"), ConnectFailureCause.Refused);

        Assert.Equal($"Nobody listens at the proxy 127.0.0.1, port {port} (127.0.0.1: Connection refused).", sentence);
    }

    [Fact]
    public async Task The_request_is_what_the_grammar_says()
    {
        string? request = null;
        await using var rig = new UplinkRig();
        using var peer = new OnePeer(async (stream, cancellationToken) => request = await ReadHeadAsync(stream, cancellationToken));
        rig.Options.Proxy = Named(new Uri($"http://localhost:{peer.Port}"), "edge", "hunter2");

        await OnePeer.FailAsync(rig, new Uri("https://[fd00::7]:8443"), ConnectFailureCause.Proxy);

        Assert.Equal("CONNECT [fd00::7]:8443 HTTP/1.1\r\nHost: [fd00::7]:8443\r\nProxy-Authorization: Basic ZWRnZTpodW50ZXIy\r\n\r\n", request);
    }

    [Fact]
    public async Task A_password_whose_file_is_gone_is_a_failure_of_the_proxy()
    {
        await using var rig = new UplinkRig();
        await File.WriteAllTextAsync(rig.Folder["password"], "hunter2");
        string cloud = EdgeAgent.Tests.Configuration.Read.Cloud(rig.Folder).TrimEnd(' ', '}');
        AgentConfiguration read = EdgeAgent.Tests.Configuration.Read.Sound(
            rig.Folder, $$"""{ {{cloud}}, "proxy": "http://proxy:1", "proxyUser": "edge", "proxyPassword": { "file": "password" } } }""");
        using var peer = new OnePeer();
        rig.Options.Proxy = new ProxyOptions
        {
            Source = ProxySource.Configuration,
            Address = read.Cloud.Proxy.Address! with { Url = new Uri($"http://localhost:{peer.Port}") },
        };
        File.Delete(rig.Folder["password"]);

        Assert.Contains("cannot be used: Could not find file", await OnePeer.FailAsync(rig, new Uri("https://service:8443"), ConnectFailureCause.Proxy), StringComparison.Ordinal);
    }

    private static ProxyOptions Named(Uri url, string? user, string? password) => new()
    {
        Source = ProxySource.Configuration,
        Address = new ProxyAddress(url, user, password is null ? null : Secret.OfValue(password)),
    };

    /// <summary>What one handshake with the service takes without a proxy, by the same metric.</summary>
    private static async Task<(long Sent, long Received)> DirectAsync()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await using SslStream direct = await OnePeer.ConnectAsync(rig, rig.Options.Endpoint);
        return (rig.Metrics.WireBytesSent.Value, rig.Metrics.WireBytesReceived.Value);
    }

    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
