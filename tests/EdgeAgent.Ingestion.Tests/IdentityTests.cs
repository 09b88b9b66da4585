using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed class IdentityTests
{
    [Fact]
    public async Task Nobody_with_a_certificate_of_another_authority_or_for_another_purpose_gets_in()
    {
        await using RunningService service = await RunningService.StartAsync();
        using var stranger = new TestAuthority("somebody else");
        foreach (X509Certificate2 certificate in (
            X509Certificate2[])[stranger.IssueDevice("plant-1"), service.IssueServerAsClient()])
        {
            var client = new Protocol.V1.Ingest.IngestClient(service.Channel(certificate));
            RpcException failure = await client.FailAsync(Open(1), Numbers(1));
            Assert.Contains(failure.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
        }
        Assert.Equal(0, (await service.JsonAsync("api/summary")).GetProperty("devices").GetInt64());
    }

    [Fact]
    public async Task A_trusted_certificate_that_names_no_device_is_unauthenticated()
    {
        await using RunningService service = await RunningService.StartAsync();
        // The authority signs a URI that no device can have.
        var client = new Protocol.V1.Ingest.IngestClient(service.Channel("not%20a%20name"));
        Assert.Equal(StatusCode.Unauthenticated, (await client.FailAsync(Open(1))).StatusCode);
    }

    [Theory]
    [InlineData("urn:edge-agent:device:press-3", "press-3")]
    [InlineData("urn:edge-agent:device:a.b_C-9", "a.b_C-9")]
    [InlineData("urn:edge-agent:device:", null)]
    [InlineData("urn:edge-agent:device:a/b", null)]
    [InlineData("urn:other:device:a", null)]
    public void A_device_is_named_by_the_uri_of_its_certificate(string uri, string? expected)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("urn-edge-agent-device-wrong");
        names.AddUri(new Uri(uri));
        using X509Certificate2 certificate = SelfSigned(names);
        Assert.Equal(expected is not null, DeviceName.TryRead(certificate, out string? name));
        Assert.Equal(expected, name);
    }

    [Fact]
    public void A_certificate_of_two_devices_is_of_none()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("urn:edge-agent:device:one"));
        names.AddUri(new Uri("urn:edge-agent:device:two"));
        using X509Certificate2 certificate = SelfSigned(names);
        Assert.False(DeviceName.TryRead(certificate, out _));
    }

    [Fact]
    public void A_development_authority_is_private_and_is_never_overwritten()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<string> files = DevelopmentAuthority.Create(folder["ca"], ["press-3"], ["ingest.example", "192.0.2.7"]);
        Assert.Equal(6, files.Count);
        foreach (string key in files.Where(file => file.EndsWith(".key", StringComparison.Ordinal) && !OperatingSystem.IsWindows()))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(key).UnixFileMode);
        }
        using X509Certificate2 server = X509Certificate2.CreateFromPemFile(folder["ca/server.crt"], folder["ca/server.key"]);
        Assert.True(server.MatchesHostname("ingest.example") && server.MatchesHostname("localhost") && server.MatchesHostname("192.0.2.7"));

        string before = File.ReadAllText(folder["ca/ca.key"]);
        Assert.Throws<IOException>(() => DevelopmentAuthority.Create(folder["ca"], ["another"], []));
        Assert.Equal(before, File.ReadAllText(folder["ca/ca.key"]));
        Assert.False(File.Exists(folder["ca/device-another.crt"]));
        Assert.Throws<ArgumentException>(() => DevelopmentAuthority.Create(folder["other"], ["a/b"], []));
    }

    private static X509Certificate2 SelfSigned(SubjectAlternativeNameBuilder names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
