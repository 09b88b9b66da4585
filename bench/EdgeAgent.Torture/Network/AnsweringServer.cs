using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Torture.Network;

/// <summary>
/// Somebody with the service's certificate who is not the service: a load balancer, or a service in trouble. It says what it is told to say, to
/// whatever it is asked, on three ports: HTTP/2 over TLS, HTTP/1.1 over TLS, HTTP/1.1 without TLS.
/// </summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private const string BadGateway = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\r\n";

    private readonly WebApplication _app;

    private AnsweringServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    /// <summary>The gRPC status that it answers; null: HTTP 502 with a page for people.</summary>
    public int? Status { get; set; }

    public int Http2Port { get; private set; }

    public int Http1Port { get; private set; }

    public int PlainPort { get; private set; }

    public static async Task<AnsweringServer> StartAsync(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => Secure(listen, HttpProtocols.Http2, certificate));
            kestrel.Listen(IPAddress.Loopback, 0, listen => Secure(listen, HttpProtocols.Http1, certificate));
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var server = new AnsweringServer(builder.Build());
        await server._app.StartAsync();
        int[] ports = [.. server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)];
        (server.Http2Port, server.Http1Port, server.PlainPort) = (ports[0], ports[1], ports[2]);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Secure(ListenOptions listen, HttpProtocols protocols, X509Certificate2 certificate)
    {
        listen.Protocols = protocols;
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        });
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Status is { } status)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = $"{status}";
            context.Response.Headers["grpc-message"] = "said by the torture";
            return;
        }
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(BadGateway);
    }
}
