using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>Who a device is where a proxy ends its TLS. What the proxies themselves do is proven with nginx and haproxy in EdgeAgent.EndToEnd.Tests.</summary>
public sealed class ProxyIdentityTests
{
    private const string Proxy = "edge-1";

    [Fact]
    public async Task A_device_is_who_the_certificate_says_that_a_named_proxy_passes_on()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Proxies = ["another", Proxy]);
        using X509Certificate2 proxy = service.IssueProxy(Proxy);
        using X509Certificate2 seven = service.IssueDevice("plant-7"), eight = service.IssueDevice("plant-8");

        Assert.Equal(1UL, (await UploadAsync(service, proxy, (ForwardedCertificate.StandardHeader, Standard(seven)))).DurableThrough);
        Assert.Equal(1UL, (await UploadAsync(service, proxy, (ForwardedCertificate.EscapedHeader, Escaped(eight)))).DurableThrough);

        Assert.Equal(["plant-7", "plant-8"], await DevicesAsync(service));
    }

    [Fact]
    public async Task What_a_device_itself_claims_in_these_headers_counts_for_nothing()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Proxies = [Proxy]);
        using X509Certificate2 one = service.IssueDevice("plant-1"), other = service.IssueDevice("plant-2");

        await UploadAsync(service, one, (ForwardedCertificate.StandardHeader, Standard(other)), (ForwardedCertificate.EscapedHeader, Escaped(other)));

        Assert.Equal(["plant-1"], await DevicesAsync(service));
    }

    [Fact]
    public async Task A_proxy_that_is_not_named_may_not_speak_for_anybody()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Proxies = ["another"]);
        using X509Certificate2 proxy = service.IssueProxy(Proxy), device = service.IssueDevice("plant-1"), deviceOfThatName = service.IssueDevice("another");

        Assert.Equal(StatusCode.Unauthenticated, (await FailAsync(service, proxy, (ForwardedCertificate.StandardHeader, Standard(device)))).StatusCode);
        // A device that is called like a proxy is a device.
        await UploadAsync(service, deviceOfThatName, (ForwardedCertificate.StandardHeader, Standard(device)));
        Assert.Equal(["another"], await DevicesAsync(service));
    }

    [Fact]
    public async Task A_proxy_that_passes_on_nothing_or_too_much_or_no_certificate_of_a_device_is_unauthenticated_and_told_why()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Proxies = [Proxy]);
        using var stranger = new TestAuthority("somebody else");
        using X509Certificate2 proxy = service.IssueProxy(Proxy), device = service.IssueDevice("plant-1"), foreign = stranger.IssueDevice("plant-1");
        foreach (((string, string)[] headers, string told) in (((string, string)[], string)[])
        [
            ([], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, "::")], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, "")], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, Standard(device)[1..])], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, ":bm9uc2Vuc2U=:")], "must pass on"),
            ([(ForwardedCertificate.EscapedHeader, "nonsense")], "must pass on"),
            ([(ForwardedCertificate.EscapedHeader, "")], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, Standard(device)), (ForwardedCertificate.StandardHeader, Standard(device))], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, Standard(device)), (ForwardedCertificate.EscapedHeader, Escaped(device))], "must pass on"),
            ([(ForwardedCertificate.StandardHeader, Standard(foreign))], "not of an authority"),
            ([(ForwardedCertificate.StandardHeader, Standard(proxy))], "exactly one subject alternative name"),
        ])
        {
            RpcException failure = await FailAsync(service, proxy, headers);
            Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
            Assert.Contains(told, failure.Status.Detail, StringComparison.Ordinal);
        }
        Assert.Empty(await DevicesAsync(service));
    }

    private static string Standard(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawData)}:";

    private static string Escaped(X509Certificate2 certificate) => Uri.EscapeDataString(certificate.ExportCertificatePem() + "\n");

    private static async Task<Protocol.V1.UploadReceipt> UploadAsync(RunningService service, X509Certificate2 caller, params (string Name, string Value)[] headers)
    {
        var metadata = new Metadata();
        foreach ((string name, string value) in headers)
        {
            metadata.Add(name, value);
        }
        using AsyncClientStreamingCall<Protocol.V1.UploadRequest, Protocol.V1.UploadReceipt> call =
            new Protocol.V1.Ingest.IngestClient(service.Channel(caller)).Upload(metadata);
        return await call.SendAsync(Open(1), Numbers(1));
    }

    private static Task<RpcException> FailAsync(RunningService service, X509Certificate2 caller, params (string Name, string Value)[] headers) =>
        Assert.ThrowsAsync<RpcException>(() => UploadAsync(service, caller, headers));

    private static async Task<string[]> DevicesAsync(RunningService service) =>
        [.. (await service.JsonAsync("api/devices")).GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("name").GetString()!).Order()];
}
