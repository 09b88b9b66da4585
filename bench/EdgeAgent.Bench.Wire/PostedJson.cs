using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EdgeAgent.Samples.Telemetry;
using EdgeAgent.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Bench.Wire;

/// <summary>The baseline: each batch as a JSON array in an HTTP/1.1 POST over TLS, on one connection that stays.</summary>
internal static class PostedJson
{
    /// <returns>Bytes in both directions, and how many readings the other side has counted.</returns>
    public static async Task<(long Bytes, long Received)> MeasureAsync(IReadOnlyList<Sample[]> batches)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.IssueServer();
        long received = 0;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using WebApplication server = builder.Build();
        server.MapPost("/readings", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            received += (await reader.ReadToEndAsync()).Count(letter => letter == '{');
            return Results.NoContent();
        });
        await server.StartAsync();
        await using var relay = new TcpRelay(new Uri(server.Urls.First()).Port);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{relay.Port}") };
        foreach (Sample[] batch in batches)
        {
            using var content = new ByteArrayContent(ToJson(batch));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage reply = await client.PostAsync("/readings", content);
            reply.EnsureSuccessStatusCode();
        }
        return (relay.Upstream + relay.Downstream, received);
    }

    private static byte[] ToJson(Sample[] batch)
    {
        var json = new StringBuilder("[");
        foreach (Sample sample in batch)
        {
            DateTime time = DateTime.UnixEpoch.AddTicks(sample.UnixNanoseconds / 100);
            json.Append(json.Length > 1 ? "," : "").Append(
                CultureInfo.InvariantCulture, $"{{\"series\":\"{OfficeRoom.Series[sample.Series].Name}\",\"time\":\"{time:yyyy-MM-ddTHH:mm:ssZ}\",\"value\":{sample.Text}}}");
        }
        return Encoding.UTF8.GetBytes(json.Append(']').ToString());
    }
}
