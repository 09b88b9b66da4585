using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol.V1;
using Grpc.Core;
using Grpc.Health.V1;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>A token becomes a certificate, once.</summary>
public sealed class EnrolmentTests
{
    [Fact]
    public async Task With_nothing_configured_a_device_enrols_with_a_token_and_uploads_under_the_name_of_the_token()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 device = await service.EnrolAsync("plant-1");

        await service.Uploads(device).SendAsync(Open(1), Numbers(1));

        JsonElement devices = JsonDocument.Parse(await service.Http.GetStringAsync("api/devices")).RootElement.GetProperty("devices");
        Assert.Equal("plant-1", Assert.Single(devices.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_certificate_says_who_the_device_is_and_that_it_is_a_client_and_nothing_that_the_request_wished_for()
    {
        await using EnrollingService service = await StartAsync();
        using ECDsa key = NewKey();
        IssuedCertificate issued = await service.EnrolAsync(await service.TokenAsync("plant-1"), Request(key, "urn:edge-agent:device:plant-1"));
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Assert.Single(issued.Chain).Span);

        Assert.True(DeviceName.TryRead(certificate, out string? name));
        Assert.Equal("plant-1", name);
        Assert.Equal("CN=plant-1", certificate.Subject);
        Assert.Equal("1.3.6.1.5.5.7.3.2", Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>()).Value);
        Assert.Empty(certificate.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.InRange((certificate.NotAfter - certificate.NotBefore).TotalDays, 90, 90.01);
        Assert.Equal(certificate.NotAfter.ToUniversalTime().AddDays(-30), DateTimeOffset.FromUnixTimeSeconds(issued.RenewAfterUnixSeconds).UtcDateTime, TimeSpan.FromHours(1));
        using X509Certificate2 root = service.Root();
        Assert.Equal(root.RawData, Assert.Single(issued.TrustedRoots).ToByteArray());
    }

    [Fact]
    public async Task A_used_token_gives_the_same_certificate_to_the_same_key_for_ten_minutes_and_nothing_to_anybody_else()
    {
        await using EnrollingService service = await StartAsync();
        using ECDsa key = NewKey(), stranger = NewKey();
        string token = await service.TokenAsync("plant-1");
        IssuedCertificate first = await service.EnrolAsync(token, Request(key));

        Assert.Equal(first, await service.EnrolAsync(token, Request(key)));
        RpcException replayed = await service.FailToEnrolAsync(token, Request(stranger));
        service.Time.Offset = TimeSpan.FromMinutes(11);
        RpcException late = await service.FailToEnrolAsync(token, Request(key));

        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), (replayed.StatusCode, late.StatusCode));
        Assert.Contains("was used", replayed.Status.Detail, StringComparison.Ordinal);
        JsonElement shown = Assert.Single((await service.GetAsync("tokens")).GetProperty("tokens").EnumerateArray());
        Assert.Equal((2, "used"), (shown.GetProperty("replays").GetInt32(), shown.GetProperty("state").GetString()));
        Assert.Single((await service.GetAsync("devices/plant-1/identity")).GetProperty("certificates").EnumerateArray());
    }

    [Fact]
    public async Task A_token_that_is_unknown_or_expired_or_withdrawn_or_of_the_other_kind_is_unauthenticated()
    {
        await using EnrollingService service = await StartAsync();
        using ECDsa key = NewKey();
        string expired = await service.TokenAsync("plant-1", ttlSeconds: 60), withdrawn = await service.TokenAsync("plant-1"), bearer = await service.TokenAsync("plant-1", "bearer");
        await service.PostAsync("tokens/2/withdraw", new { });
        service.Time.Offset = TimeSpan.FromSeconds(61);

        foreach (string token in (string[])[expired, withdrawn, bearer, "", "edge-enrol-", "edge-enrol-" + new string('A', 43), "edge-enrol-" + new string('A', 100_000)])
        {
            Assert.Equal(StatusCode.Unauthenticated, (await service.FailToEnrolAsync(token, Request(key))).StatusCode);
        }
        Assert.Empty((await service.GetAsync("devices")).GetProperty("devices").EnumerateArray());
    }

    [Fact]
    public async Task An_unusable_request_is_told_so_and_does_not_use_up_the_token()
    {
        await using EnrollingService service = await StartAsync();
        using ECDsa key = NewKey(), large = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using RSA weak = RSA.Create(1024);
        byte[] forged = Request(key);
        forged[^5] ^= 1;
        var twoNames = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        foreach (string name in (string[])["plant-1", "plant-2"])
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(DeviceName.UriPrefix + name));
            twoNames.CertificateExtensions.Add(names.Build());
        }
        string token = await service.TokenAsync("plant-1");
        foreach (byte[] unusable in (byte[][])
        [
            [], [1, 2, 3], new byte[1024 * 1024], forged, Request(large), Request(key, "urn:edge-agent:device:plant-2"), [.. Request(key), 0], twoNames.CreateSigningRequest(),
            new CertificateRequest("CN=x", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
        ])
        {
            // Twice over the limit of failures from one address would be RESOURCE_EXHAUSTED: these nine are below it.
            Assert.Equal(StatusCode.InvalidArgument, (await service.FailToEnrolAsync(token, unusable)).StatusCode);
        }

        Assert.Single((await service.EnrolAsync(token, Request(key))).Chain);
    }

    [Fact]
    public async Task A_key_that_another_device_has_is_refused_because_a_copied_disk_brings_it_along()
    {
        await using EnrollingService service = await StartAsync();
        using ECDsa key = NewKey();
        await service.EnrolAsync(await service.TokenAsync("plant-1"), Request(key));

        RpcException refused = await service.FailToEnrolAsync(await service.TokenAsync("plant-2"), Request(key));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("Another device has this key", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_without_a_certificate_may_call_nothing_but_identity()
    {
        await using EnrollingService service = await StartAsync();
        Assert.Equal(StatusCode.Unauthenticated, (await service.Uploads(null).FailAsync(Open(1))).StatusCode);
        Assert.Equal(
            StatusCode.Unauthenticated,
            (await Assert.ThrowsAsync<RpcException>(async () => await new Health.HealthClient(service.Channel(null)).CheckAsync(new HealthCheckRequest()))).StatusCode);
        var reflection = new Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(service.Channel(null));
        using var call = reflection.ServerReflectionInfo();
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, (await service.FailToRenewAsync(null)).StatusCode);
    }

    [Fact]
    public async Task Whoever_fails_too_often_is_told_to_come_later_before_anything_is_looked_at()
    {
        await using EnrollingService service = await StartAsync();
        using ECDsa key = NewKey();
        string good = await service.TokenAsync("plant-1");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(StatusCode.Unauthenticated, (await service.FailToEnrolAsync("edge-enrol-guess", Request(key))).StatusCode);
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await service.FailToEnrolAsync(good, Request(key))).StatusCode);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_does_not_get_through_the_handshake_not_even_to_enrol()
    {
        await using EnrollingService service = await StartAsync();
        using var other = new EdgeAgent.Testing.TestAuthority("somebody else");
        RpcException failure = await service.FailToRenewAsync(other.IssueDevice("plant-1"));
        Assert.Contains(failure.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
    }
}
