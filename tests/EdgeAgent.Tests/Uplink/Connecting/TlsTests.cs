using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>Versions, names, pins and files of TLS, with sessions over it.</summary>
public sealed class TlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Sessions_pass_over_both_versions_of_tls(SslProtocols version)
    {
        await using var rig = new UplinkRig();
        await rig.Slot.StartAsync(CancellationToken.None);
        await rig.StartServerAsync(tls: https => https.SslProtocols = version);
        await rig.AppendAsync(3);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Equal(["device-1"], rig.Cloud.Devices);
    }

    [InstalledFact("openssl")]
    public async Task OpenSsl_agrees_on_the_version_it_is_told_and_on_http2()
    {
        await using var rig = new UplinkRig();
        using X509Certificate2 certificate = rig.Authority.IssueServer();
        (string crt, string key) = TestAuthority.WritePem(certificate, rig.Folder.Path, "server");
        foreach ((string option, SslProtocols version) in new[] { ("-tls1_2", SslProtocols.Tls12), ("-tls1_3", SslProtocols.Tls13) })
        {
            int port = Loopback.FreePort();
            await using ForeignProcess server = ForeignProcess.Start(
                "openssl", "s_server", "-accept", $"127.0.0.1:{port}", "-cert", crt, "-key", key, "-alpn", "h2", option, "-Verify", "2", "-CAfile", rig.Options.AuthorityFile!, "-quiet");
            await Loopback.WaitForPortAsync(port, TimeSpan.FromSeconds(20));

            await using SslStream tls = await OnePeer.ConnectAsync(rig, new Uri($"https://localhost:{port}"));

            Assert.Equal((version, SslApplicationProtocol.Http2), (tls.SslProtocol, tls.NegotiatedApplicationProtocol));
        }
    }

    [InstalledFact("openssl")]
    public async Task What_is_older_than_tls_1_2_is_refused()
    {
        await using var rig = new UplinkRig();
        using X509Certificate2 certificate = rig.Authority.IssueServer();
        (string crt, string key) = TestAuthority.WritePem(certificate, rig.Folder.Path, "server");
        int port = Loopback.FreePort();
        await using ForeignProcess server = ForeignProcess.Start(
            "openssl", "s_server", "-accept", $"127.0.0.1:{port}", "-cert", crt, "-key", key, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-quiet");
        await Loopback.WaitForPortAsync(port, TimeSpan.FromSeconds(20));

        await OnePeer.FailAsync(rig, new Uri($"https://localhost:{port}"), ConnectFailureCause.TlsHandshake);
    }

    [Fact]
    public async Task The_servers_name_of_the_configuration_is_asked_for_and_has_to_be_in_the_certificate()
    {
        string? asked = null;
        await using var rig = new UplinkRig();
        await rig.Slot.StartAsync(CancellationToken.None);
        using X509Certificate2 named = rig.Authority.IssueServer("ingest.example.com");
        await rig.StartServerAsync(tls: https => https.ServerCertificateSelector = (_, name) =>
        {
            asked = name;
            return named;
        });
        rig.Options.Endpoint = new Uri($"https://127.0.0.1:{rig.Options.Endpoint.Port}");
        rig.Options.ServerName = "ingest.example.com";
        await rig.AppendAsync(1);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);

        Assert.Equal("ingest.example.com", asked);
        rig.Options.ServerName = "other.example.com";
        Assert.Contains(
            "is for ingest.example.com, 127.0.0.1, ::1, not for other.example.com",
            await OnePeer.FailAsync(rig, rig.Options.Endpoint, ConnectFailureCause.TlsName),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_of_the_authority_lets_every_certificate_of_it_pass()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        using X509Certificate2 root = rig.Authority.Root;
        rig.Options.Pins = [Convert.ToBase64String(new byte[32]), PublicKeyPin.Of(root)];
        await rig.AppendAsync(1);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);

        rig.AssertAllStored(1);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_pin_is_asked_for_also_where_tls_resumes_an_earlier_connection(SslProtocols version)
    {
        await using var rig = new UplinkRig();
        await rig.Slot.StartAsync(CancellationToken.None);
        await rig.StartServerAsync(tls: https => https.SslProtocols = version);
        await rig.AppendAsync(1);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);

        rig.Options.Pins = [Convert.ToBase64String(new byte[32])];

        await OnePeer.FailAsync(rig, rig.Options.Endpoint, ConnectFailureCause.TlsPin);
    }

    [InstalledFact("openssl", "sh")]
    public async Task A_pin_is_what_the_documented_command_prints()
    {
        using var folder = new TemporaryFolder();
        using var authority = new TestAuthority();
        await File.WriteAllTextAsync(folder["root.crt"], authority.RootPem);

        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "sh",
            ["-c", $"openssl x509 -in {folder["root.crt"]} -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | openssl base64"],
            TimeSpan.FromSeconds(20));

        using X509Certificate2 root = authority.Root;
        Assert.Equal((0, PublicKeyPin.Of(root)), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task Sessions_go_on_while_the_certificate_files_are_replaced_one_after_the_other()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        await rig.AppendAsync(1);
        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);
        using X509Certificate2 next = rig.Authority.IssueDevice("device-2");
        using var folder = new TemporaryFolder();
        (string crt, string key) = TestAuthority.WritePem(next, folder.Path, "next");

        // Half of the certificate, then all of it without its key: sessions go on with the old pair, and only a warning says so.
        string chain = await File.ReadAllTextAsync(crt);
        await File.WriteAllTextAsync(rig.Options.CertificateFile!, chain[..(chain.Length / 2)]);
        await rig.AppendAsync(1);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 2);
        await File.WriteAllTextAsync(rig.Options.CertificateFile!, chain);
        await rig.AppendAsync(1);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);
        Assert.Equal(["device-1"], rig.Cloud.Devices);
        File.Copy(key, rig.Options.KeyFile!, overwrite: true);
        await rig.AppendAsync(1);
        await UplinkRig.WaitForReleaseAsync(rig.Live, 4);

        rig.AssertAllStored(4);
        Assert.Equal((0, 2), (rig.Metrics.SessionsFailed.Value, rig.Metrics.Connections.Value));
        Assert.Equal(["device-1", "device-2"], rig.Cloud.Devices.Order());
        Assert.Equal(2, rig.Log.Lines.Count(line => line.StartsWith("Warning: The certificate files were changed and cannot be used as they are", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Files_that_do_not_fit_together_are_told_once_the_old_certificate_has_run_out()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using UplinkRig rig = await new UplinkRig { ConnectionTime = time }.StartAsync();
        UplinkConnection connection = rig.Connect();
        IngestClient before = connection.Client();
        await File.WriteAllTextAsync(rig.Options.KeyFile!, "");
        Assert.Same(before, connection.Client());

        time.SetWallClock(DateTimeOffset.UtcNow.AddYears(3));

        Assert.ThrowsAny<Exception>(() => connection.Client());
    }

    [Theory]
    [InlineData("::1", "https://[::1]")]
    [InlineData("127.0.0.1", "https://127.0.0.1")]
    public async Task A_service_is_reached_by_its_bare_address(string address, string endpoint)
    {
        await using var rig = new UplinkRig();
        await rig.Slot.StartAsync(CancellationToken.None);
        await using CloudServer server = await CloudServer.StartAsync(rig.Cloud, rig.Authority, rig.Authority, address: IPAddress.Parse(address));
        rig.Options.Endpoint = new Uri($"{endpoint}:{server.Port}");
        await rig.AppendAsync(3);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
    }
}
