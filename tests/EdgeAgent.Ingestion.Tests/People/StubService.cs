using System.Collections.Concurrent;
using System.Net;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Ingestion.Tests.People;

/// <summary>The page with answers that a test has written, and the changes that it asked for.</summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubService(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>By path. What is not in it is answered with 404.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new()
    {
        ["/api/devices"] = """{"devices":[]}""",
        ["/api/series"] = """{"series":[]}""",
        ["/api/silent"] = """{"series":[]}""",
        ["/api/gaps"] = """{"gaps":[]}""",
        ["/api/losses"] = """{"losses":[]}""",
        ["/api/summary"] = """{"devices":0,"series":0,"readings":0,"aggregates":0,"bytesReceived":0,"duplicatesSkipped":0,"readingsLost":0,"gaps":0,"readingsThinned":0,"storeWorks":true}""",
    };

    /// <summary>Path and form of each change.</summary>
    public ConcurrentQueue<(string Path, string Form)> Changes { get; } = new();

    public static async Task<StubService> StartAsync(string role)
    {
        WebApplicationBuilder builder = HostBuilding.Create(NullLoggerFactory.Instance);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var service = new StubService(app);
        service.Answers["/api/who"] = $$"""{"name":"anna","role":"{{role}}","mayRead":true}""";
        app.Use(static (context, next) =>
        {
            Page.AddSecurityHeaders(context.Response.Headers);
            return next(context);
        });
        Page.Map(app);
        app.MapFallback(service.AnswerAsync);
        await app.StartAsync();
        service.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return service;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var reader = new StreamReader(context.Request.Body);
            Changes.Enqueue((context.Request.Path, await reader.ReadToEndAsync()));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (Answers.TryGetValue(context.Request.Path, out string? answer))
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
