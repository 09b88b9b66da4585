using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Google.Protobuf;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>Enrolment and renewal where a proxy ends the devices' TLS.</summary>
public sealed class ProxiedEnrolmentTests : IDisposable
{
    private readonly TestAuthority _authority = new("of proxies");
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Through_a_proxy_a_device_enrols_renews_when_expired_and_does_nothing_else_then()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 proxy = _authority.IssueClient("proxy", "edge-1");
        using ECDsa key = NewKey();
        var identity = new Protocol.V1.Identity.IdentityClient(service.Channel(proxy));
        IssuedCertificate issued = await identity.EnrollAsync(
            new EnrollRequest { Token = await service.TokenAsync("plant-1"), CertificateRequest = ByteString.CopyFrom(Request(key)) });
        using X509Certificate2 device = WithKey(issued, key);
        await UploadAsync(service, proxy, Header(device));

        // Beyond the life of the device's certificate, within that of the proxy's.
        service.Time.Offset = TimeSpan.FromDays(100);
        await service.RestartAsync();
        var later = new Protocol.V1.Identity.IdentityClient(service.Channel(proxy));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => UploadAsync(service, proxy, Header(device)));
        RpcException nobody = await Assert.ThrowsAsync<RpcException>(async () =>
            await later.RenewAsync(new RenewRequest { CertificateRequest = ByteString.CopyFrom(Request(key)) }));
        IssuedCertificate renewed = await later.RenewAsync(new RenewRequest { CertificateRequest = ByteString.CopyFrom(Request(key)) }, Header(device));

        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), (refused.StatusCode, nobody.StatusCode));
        await UploadAsync(service, proxy, Header(WithKey(renewed, key)));
    }

    [Fact]
    public async Task Through_a_proxy_a_bearer_token_counts_where_the_device_has_no_certificate()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 proxy = _authority.IssueClient("proxy", "edge-1");
        string token = await service.TokenAsync("plant-1", "bearer");
        await UntilAsync(
            async () =>
            {
                try
                {
                    await UploadAsync(service, proxy, new Metadata { { "authorization", $"Bearer {token}" } });
                    return true;
                }
                catch (RpcException refused) when (refused.StatusCode == StatusCode.Unauthenticated)
                {
                    return false;
                }
            },
            "the token counts");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private Task<EnrollingService> StartAsync() => EnrollingService.StartAsync(options =>
    {
        options.Proxies = ["edge-1"];
        options.ClientAuthorityFile = _folder["proxies.crt"];
        File.WriteAllText(options.ClientAuthorityFile, _authority.RootPem);
    });

    private static Metadata Header(X509Certificate2 device) => new() { { ForwardedCertificate.StandardHeader, $":{Convert.ToBase64String(device.RawData)}:" } };

    private static async Task UploadAsync(EnrollingService service, X509Certificate2 proxy, Metadata headers)
    {
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Uploads(proxy).Upload(headers);
        await call.SendAsync(Open(1), Numbers(1));
    }
}
