using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static EdgeAgent.Ingestion.Tests.Identity.EnrollingService;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Identity;

/// <summary>Callers that show a token instead of a certificate.</summary>
public sealed class BearerTests
{
    private const string Issuer = "https://issuer.example", Audience = "edge-ingestion";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_bearer_token_of_the_service_uploads_as_the_device_that_it_was_made_for_and_cannot_be_renewed()
    {
        await using EnrollingService service = await StartAsync();
        string token = await service.TokenAsync("plant-1", "bearer");

        await SendAsync(service, token);

        Assert.Equal(["plant-1"], await DevicesAsync(service));
        var renew = new RenewRequest { CertificateRequest = Google.Protobuf.ByteString.CopyFrom(Request(NewKey())) };
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Identity().RenewAsync(renew, Bearer(token)));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    [Fact]
    public async Task A_token_that_is_unknown_or_expired_or_made_to_enrol_is_unauthenticated()
    {
        await using EnrollingService service = await StartAsync();
        string expired = await service.TokenAsync("plant-1", "bearer", ttlSeconds: 60), enrolment = await service.TokenAsync("plant-1");
        service.Time.Offset = TimeSpan.FromMinutes(2);
        foreach (string token in (string[])[expired, enrolment, "edge-bearer-" + new string('A', 43), "a.b.c", "nonsense"])
        {
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => SendAsync(service, token))).StatusCode);
        }
    }

    [Fact]
    public async Task A_token_that_is_withdrawn_ends_the_call_that_it_has_open()
    {
        await using EnrollingService service = await StartAsync();
        string token = await service.TokenAsync("plant-1", "bearer");
        await UntilAsync(async () => await IsServedAsync(service, token), "the token counts");
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> upload = service.Uploads(null).Upload(Bearer(token));
        await upload.RequestStream.WriteAsync(Open(1));
        await upload.ResponseHeadersAsync;

        await service.PostAsync("tokens/1/withdraw", new { });

        RpcException ended = await Assert.ThrowsAsync<RpcException>(() => upload.ResponseAsync.WaitAsync(Patience));
        Assert.Equal((StatusCode.Unauthenticated, "The bearer token was withdrawn."), (ended.StatusCode, ended.Status.Detail));
    }

    [Fact]
    public async Task Where_there_is_a_certificate_it_says_who_the_device_is_and_the_token_counts_for_nothing()
    {
        await using EnrollingService service = await StartAsync();
        using X509Certificate2 certificate = await service.EnrolAsync("plant-2");
        string token = await service.TokenAsync("plant-1", "bearer");
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Uploads(certificate).Upload(Bearer(token));
        await call.SendAsync(Open(1), Numbers(1));
        Assert.Equal(["plant-2"], await DevicesAsync(service));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_web_token_counts_only_where_issuer_audience_signature_time_and_claim_are_right(bool asKeySet)
    {
        using var folder = new TemporaryFolder();
        using ECDsa key = NewKey(), stranger = NewKey();
        string pem = key.ExportSubjectPublicKeyInfoPem();
        JsonWebKey web = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(key.ExportParameters(false))));
        File.WriteAllText(
            folder["keys"], asKeySet ? JsonSerializer.Serialize(new { keys = new[] { new { kty = web.Kty, crv = web.Crv, x = web.X, y = web.Y } } }) : pem);
        await using EnrollingService service = await StartAsync(options =>
        {
            options.Identity.Jwt.KeysFile = folder["keys"];
            options.Identity.Jwt.Issuer = Issuer;
            options.Identity.Jwt.Audience = Audience;
        });
        DateTime now = DateTime.UtcNow;
        string unsigned = $"{Encode("""{"alg":"none"}""")}.{Encode($$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"plant-1","exp":4000000000}""")}.";
        var confused = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(pem)), SecurityAlgorithms.HmacSha256);

        foreach (string bad in (string[])
        [
            Token(key, issuer: "https://other.example"), Token(key, audience: "another service"), Token(stranger), Token(key, expires: now.AddMinutes(-5)),
            Token(key, device: "a/b"), Token(key, claim: "name"), unsigned, Make(confused, Issuer, Audience, now.AddMinutes(5), "sub", "plant-1"),
            Token(key, from: now.AddMinutes(10), expires: now.AddMinutes(20)),
        ])
        {
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => SendAsync(service, bad))).StatusCode);
        }
        string good = Token(key);
        await SendAsync(service, good);
        Assert.Equal(["plant-1"], await DevicesAsync(service));

        await service.DecideAsync("plant-1", "revoked");
        await UntilAsync(async () => !await IsServedAsync(service, good), "the device is refused");
    }

    private static string Token(
        ECDsa key, string issuer = Issuer, string audience = Audience, string claim = "sub", string device = "plant-1", DateTime? from = null, DateTime? expires = null) =>
        Make(new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256), issuer, audience, expires ?? DateTime.UtcNow.AddMinutes(5), claim, device, from);

    private static string Make(SigningCredentials credentials, string issuer, string audience, DateTime expires, string claim, string device, DateTime? from = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            IssuedAt = from ?? DateTime.UtcNow.AddMinutes(-10),
            NotBefore = from ?? DateTime.UtcNow.AddMinutes(-10),
            Expires = expires,
            Claims = new Dictionary<string, object> { [claim] = device },
            SigningCredentials = credentials,
        });

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private static async Task SendAsync(EnrollingService service, string token)
    {
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Uploads(null).Upload(Bearer(token));
        await call.SendAsync(Open(1), Numbers(1));
    }

    private static async Task<bool> IsServedAsync(EnrollingService service, string token)
    {
        try
        {
            await SendAsync(service, token);
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated)
        {
            return false;
        }
    }

    private static async Task<string[]> DevicesAsync(EnrollingService service) =>
        [.. JsonDocument.Parse(await service.Http.GetStringAsync("api/devices")).RootElement.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("name").GetString()!)];
}
