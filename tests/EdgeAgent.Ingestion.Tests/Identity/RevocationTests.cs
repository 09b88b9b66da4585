using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Protocol.V1;
using Grpc.Core;
using Grpc.Health.V1;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>What people decide about a device, and what is open while they do.</summary>
public sealed class RevocationTests
{
    /// <summary>It takes a second; the machine may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("revoked")]
    [InlineData("quarantined")]
    public async Task A_decision_on_one_instance_ends_the_open_upload_on_another_and_what_had_arrived_is_stored(string standing)
    {
        await using EnrollingService here = await StartAsync();
        await using EnrollingService there = await here.StartAnotherAsync();
        using X509Certificate2 device = await here.EnrolAsync("plant-1"), bystander = await here.EnrolAsync("plant-2");
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> upload = there.Uploads(device).Upload(), other = there.Uploads(bystander).Upload();
        foreach (AsyncClientStreamingCall<UploadRequest, UploadReceipt> call in (AsyncClientStreamingCall<UploadRequest, UploadReceipt>[])[upload, other])
        {
            await call.RequestStream.WriteAsync(Open(1));
            await call.RequestStream.WriteAsync(Numbers(1));
            await call.ResponseHeadersAsync;
        }

        await here.DecideAsync("plant-1", standing);

        RpcException ended = await Assert.ThrowsAsync<RpcException>(() => upload.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.PermissionDenied, ended.StatusCode);
        Assert.Contains("Because of the test.", ended.Status.Detail, StringComparison.Ordinal);
        await other.RequestStream.CompleteAsync();
        Assert.Equal(1UL, (await other.ResponseAsync.WaitAsync(Patience)).DurableThrough);
        Assert.Equal(StatusCode.PermissionDenied, (await there.Uploads(device).FailAsync(Open(1), Numbers(1))).StatusCode);
    }

    [Fact]
    public async Task A_revocation_on_one_instance_ends_the_watch_and_the_session_on_another()
    {
        await using EnrollingService here = await StartAsync();
        await using EnrollingService there = await here.StartAnotherAsync();
        using X509Certificate2 device = await here.EnrolAsync("plant-1");
        using AsyncServerStreamingCall<ConfigRevision> watch = new Config.ConfigClient(there.Channel(device)).Watch(new WatchRequest { AgentVersion = "1.2.3" });
        using AsyncDuplexStreamingCall<DeviceMessage, ServiceMessage> session = new Remote.RemoteClient(there.Channel(device)).Session();
        await session.RequestStream.WriteAsync(new DeviceMessage { Hello = new SessionHello { AgentVersion = "1.2.3" } });
        await Task.WhenAll(watch.ResponseHeadersAsync, session.ResponseHeadersAsync).WaitAsync(Patience);

        await here.DecideAsync("plant-1", "revoked");

        RpcException[] ended = await Task.WhenAll(
            Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience)),
            Assert.ThrowsAsync<RpcException>(() => session.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience)));
        Assert.All(ended, failure => Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode));
    }

    [Fact]
    public async Task A_device_in_quarantine_may_connect_but_not_upload_and_all_is_well_after_its_release()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 device = await service.EnrolAsync("plant-1");
        await service.DecideAsync("plant-1", "quarantined");
        await UntilRefusedAsync(service, device);

        // Health stands for all that is not an upload.
        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(service.Channel(device)).CheckAsync(new HealthCheckRequest())).Status);

        await service.DecideAsync("plant-1", "active");
        await UntilAsync(() => IsServedAsync(service, device), "uploads are taken again");
    }

    [Fact]
    public async Task What_was_issued_before_a_revocation_counts_for_nothing_after_the_release_but_the_name_may_enrol_again()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 stolen = await service.EnrolAsync("plant-1");
        string oldToken = await service.TokenAsync("plant-1");
        await service.DecideAsync("plant-1", "revoked");
        await UntilRefusedAsync(service, stolen);
        await service.DecideAsync("plant-1", "active");

        using X509Certificate2 replacement = await service.EnrolAsync("plant-1");

        await UntilAsync(() => IsServedAsync(service, replacement), "the new certificate counts");
        Assert.Equal(StatusCode.PermissionDenied, (await service.Uploads(stolen).FailAsync(Open(1))).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await service.FailToRenewAsync(stolen)).StatusCode);
        using var key = NewKey();
        Assert.Contains("withdrawn", (await service.FailToEnrolAsync(oldToken, Request(key))).Status.Detail, StringComparison.Ordinal);

        await service.DecideAsync("plant-1", "active", restore: true);
        await UntilAsync(() => IsServedAsync(service, stolen), "the certificate counts again");
    }

    [Fact]
    public async Task A_revoked_device_may_not_even_ask_about_health_nor_enrol_nor_get_its_certificate_again()
    {
        await using EnrollingService service = await StartAsync();
        using var key = NewKey();
        string token = await service.TokenAsync("plant-1");
        using X509Certificate2 device = WithKey(await service.EnrolAsync(token, Request(key)), key);
        await service.DecideAsync("plant-1", "revoked");
        await UntilRefusedAsync(service, device);

        RpcException health = await Assert.ThrowsAsync<RpcException>(async () => await new Health.HealthClient(service.Channel(device)).CheckAsync(new HealthCheckRequest()));
        RpcException again = await service.FailToEnrolAsync(token, Request(key));
        RpcException enrol = await service.FailToEnrolAsync(await service.TokenAsync("plant-1"), Request(key));

        Assert.Equal(
            (StatusCode.PermissionDenied, StatusCode.Unauthenticated, StatusCode.PermissionDenied), (health.StatusCode, again.StatusCode, enrol.StatusCode));
    }

    [Fact]
    public async Task A_decision_is_still_there_after_a_restart()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 device = await service.EnrolAsync("plant-1");
        await service.DecideAsync("plant-1", "revoked");
        await service.RestartAsync();
        Assert.Equal(StatusCode.PermissionDenied, (await service.Uploads(device).FailAsync(Open(1))).StatusCode);
    }

    [Fact]
    public async Task Nobody_can_be_called_what_no_device_can_be_and_no_standing_is_made_up()
    {
        await using EnrollingService service = await StartAsync();
        foreach ((string path, object request) in ((string, object)[])
        [
            ("tokens", new { device = "a/b", kind = "enrolment" }), ("tokens", new { device = "a", kind = "other" }), ("tokens", new { device = "a", kind = "enrolment", ttlSeconds = 1 }),
            ("devices/a%20b/identity", new { standing = "revoked" }), ("devices/a/identity", new { standing = "gone" }),
            ("devices/a/identity", new { standing = "revoked", reason = "two\nlines" }),
        ])
        {
            using HttpResponseMessage response = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(service.Http, $"api/admin/{path}", request);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    private static Task UntilRefusedAsync(EnrollingService service, X509Certificate2 device) =>
        UntilAsync(async () => !await IsServedAsync(service, device), "uploads are refused");

    private static async Task<bool> IsServedAsync(EnrollingService service, X509Certificate2 device)
    {
        try
        {
            await service.Uploads(device).SendAsync(Open(1));
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.PermissionDenied)
        {
            return false;
        }
    }
}
