using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>The service with nothing configured but ports: an authority of its own, a certificate from that, and devices that enrol. Over real TLS.</summary>
internal sealed class EnrollingService : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _owned = [];
    private IngestionHost _host = null!;

    public ShiftedTime Time { get; private init; } = new();

    public IngestionOptions Options { get; } = new() { Listen = new(IPAddress.Loopback, 0), Web = new(IPAddress.Loopback, 0) };

    public string Folder => _folder.Path;

    public int Port => _host.IngestPort;

    /// <summary>Where a command finds the service, and the token to show.</summary>
    public string[] CommandOptions => ["--server", Http.BaseAddress!.ToString(), "--data", Options.Data];

    public HttpClient Http { get; private set; } = null!;

    public static async Task<EnrollingService> StartAsync(Action<IngestionOptions>? configure = null)
    {
        var service = new EnrollingService();
        service.Options.Data = service._folder["data"];
        configure?.Invoke(service.Options);
        await service.LaunchAsync();
        return service;
    }

    /// <summary>Another instance over the same data.</summary>
    public async Task<EnrollingService> StartAnotherAsync()
    {
        var other = new EnrollingService { Time = Time };
        other.Options.Data = Options.Data;
        await other.LaunchAsync();
        return other;
    }

    public async Task RestartAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        await LaunchAsync();
    }

    public X509Certificate2 Root(int generation = 1) => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Options.Data, $"authority/{generation}/ca.crt"));

    public GrpcChannel Channel(X509Certificate2? certificate, X509Certificate2? root = null)
    {
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root ?? Root() },
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = Time.GetUtcNow().UtcDateTime,
            },
            ClientCertificates = certificate is null ? null : [certificate],
        };
        var channel = GrpcChannel.ForAddress($"https://localhost:{Port}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = tls }, DisposeHttpClient = true });
        _owned.Add(channel);
        return channel;
    }

    public Protocol.V1.Ingest.IngestClient Uploads(X509Certificate2? certificate) => new(Channel(certificate));

    public Protocol.V1.Identity.IdentityClient Identity(X509Certificate2? certificate = null) => new(Channel(certificate));

    public async Task<JsonElement> PostAsync(string path, object request)
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync($"api/admin/{path}", request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>($"api/admin/{path}");

    public async Task<string> TokenAsync(string device, string kind = "enrolment", double? ttlSeconds = null) =>
        (await PostAsync("tokens", new { device, kind, ttlSeconds })).GetProperty("token").GetString()!;

    public Task DecideAsync(string device, string standing, bool restore = false) =>
        PostAsync($"devices/{device}/identity", new { standing, reason = "Because of the test.", restore });

    public async Task<X509Certificate2> EnrolAsync(string device)
    {
        using ECDsa key = NewKey();
        return WithKey(await EnrolAsync(await TokenAsync(device), Request(key)), key);
    }

    public async Task<IssuedCertificate> EnrolAsync(string token, byte[] request) =>
        await Identity().EnrollAsync(new EnrollRequest { Token = token, CertificateRequest = ByteString.CopyFrom(request), AgentVersion = "test 1" });

    public async Task<RpcException> FailToEnrolAsync(string token, byte[] request) => await Assert.ThrowsAsync<RpcException>(() => EnrolAsync(token, request));

    public async Task<IssuedCertificate> RenewAsync(X509Certificate2? present, byte[] request) =>
        await Identity(present).RenewAsync(new RenewRequest { CertificateRequest = ByteString.CopyFrom(request) });

    public async Task<RpcException> FailToRenewAsync(X509Certificate2? present)
    {
        using ECDsa key = NewKey();
        return await Assert.ThrowsAsync<RpcException>(() => RenewAsync(present, Request(key)));
    }

    /// <summary>Decisions reach calls within two seconds; the machine may be busy.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"It has not come to that: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>PKCS#10 as a device makes it: a subject that counts for nothing, and a name where the test gives one.</summary>
    public static byte[] Request(ECDsa key, string? uri = null)
    {
        var request = new CertificateRequest("CN=whatever", key, HashAlgorithmName.SHA256);
        if (uri is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(uri));
            request.CertificateExtensions.Add(names.Build());
        }
        return request.CreateSigningRequest();
    }

    public static X509Certificate2 WithKey(IssuedCertificate issued, ECDsa key)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(issued.Chain[0].Span);
        using X509Certificate2 withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
        Http.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private async Task LaunchAsync()
    {
        _host = await IngestionHost.StartAsync(Options, NullLoggerFactory.Instance, Time, CancellationToken.None);
        Http = RunningService.Administrator(_host.WebPort, Options);
    }
}
