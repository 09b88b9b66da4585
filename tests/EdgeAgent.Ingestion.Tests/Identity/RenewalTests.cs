using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Health.V1;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>A certificate becomes the next one, also after a year in a warehouse.</summary>
public sealed class RenewalTests
{
    [Fact]
    public async Task The_old_certificate_goes_on_counting_beside_the_new_one()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 old = await service.EnrolAsync("plant-1");
        using ECDsa key = NewKey();
        using X509Certificate2 renewed = WithKey(await service.RenewAsync(old, Request(key)), key);

        await service.Uploads(renewed).SendAsync(Open(1), Numbers(1));
        await service.Uploads(old).SendAsync(Open(2), Numbers(2, define: true));

        Assert.NotEqual(old.SerialNumber, renewed.SerialNumber);
    }

    [Fact]
    public async Task The_same_request_within_a_minute_gets_the_same_certificate_and_a_later_one_another()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 present = await service.EnrolAsync("plant-1");
        using ECDsa key = NewKey();
        byte[] request = Request(key);
        IssuedCertificate first = await service.RenewAsync(present, request);

        Assert.Equal(first, await service.RenewAsync(present, request));
        service.Time.Offset = TimeSpan.FromMinutes(2);
        Assert.NotEqual(first.Chain, (await service.RenewAsync(present, request)).Chain);
    }

    [Fact]
    public async Task An_expired_certificate_may_renew_within_the_time_of_grace_and_do_nothing_else()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 expired = await service.EnrolAsync("plant-1");
        service.Time.Offset = TimeSpan.FromDays(90 + 364);
        await service.RestartAsync();

        RpcException upload = await service.Uploads(expired).FailAsync(Open(1), Numbers(1));
        RpcException health = await Assert.ThrowsAsync<RpcException>(async () => await new Health.HealthClient(service.Channel(expired)).CheckAsync(new HealthCheckRequest()));
        using ECDsa key = NewKey();
        IssuedCertificate renewed = await service.RenewAsync(expired, Request(key));

        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), (upload.StatusCode, health.StatusCode));
        Assert.Contains("expired", upload.Status.Detail, StringComparison.Ordinal);
        await service.Uploads(WithKey(renewed, key)).SendAsync(Open(1), Numbers(1));
    }

    [Fact]
    public async Task A_certificate_that_expired_for_longer_than_the_time_of_grace_needs_a_person()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 expired = await service.EnrolAsync("plant-1");
        service.Time.Offset = TimeSpan.FromDays(90 + 366);
        await service.RestartAsync();

        RpcException refused = await service.FailToRenewAsync(expired);

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("too long ago", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_another_authority_issued_may_be_exchanged_while_it_is_valid_but_not_once_it_has_expired()
    {
        using var authority = new TestAuthority("the one before");
        await using EnrollingService service = await StartAsync(options =>
        {
            options.ClientAuthorityFile = Path.Combine(Directory.CreateDirectory(options.Data).FullName, "before.crt");
            File.WriteAllText(options.ClientAuthorityFile, authority.RootPem);
        });
        using X509Certificate2 foreign = authority.IssueDevice("plant-1");
        using ECDsa key = NewKey();
        IssuedCertificate exchanged = await service.RenewAsync(foreign, Request(key));
        Assert.Equal(2, exchanged.TrustedRoots.Count);

        service.Time.Offset = TimeSpan.FromDays(400);
        await service.RestartAsync();
        RpcException refused = await service.FailToRenewAsync(foreign);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("does not know it", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_renews_in_a_circle_does_not_fill_the_database()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 present = await service.EnrolAsync("plant-1");
        using ECDsa key = NewKey();
        for (int i = 0; i < 9; i++)
        {
            // A signature of ECDSA is another one each time, and so is the request.
            await service.RenewAsync(present, Request(key));
        }
        Assert.Equal(StatusCode.ResourceExhausted, (await service.FailToRenewAsync(present)).StatusCode);
    }

    [Theory]
    [InlineData("quarantined")]
    [InlineData("revoked")]
    public async Task A_device_that_was_put_aside_may_not_renew(string standing)
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 present = await service.EnrolAsync("plant-1");
        await service.DecideAsync("plant-1", standing);
        Assert.Equal(StatusCode.PermissionDenied, (await service.FailToRenewAsync(present)).StatusCode);
    }
}
