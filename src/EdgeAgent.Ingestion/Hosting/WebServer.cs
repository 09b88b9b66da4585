using EdgeAgent.Ingestion.Web;
using EdgeAgent.Ingestion.Web.Admin;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>The server for people and programs that read: plain HTTP, by default on loopback.</summary>
internal static class WebServer
{
    public static WebApplication Build(IngestionOptions options, IngestionParts parts, LiveFeed feed)
    {
        WebApplicationBuilder builder = HostBuilding.Create(parts.Loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(options.Web, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ConfigJson.Default));
        builder.Services.AddSingleton(parts.Queries);
        builder.Services.AddSingleton(parts.Health);
        builder.Services.AddSingleton(parts.Silence);
        builder.Services.AddSingleton(feed);

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use((context, next) =>
        {
            Page.AddSecurityHeaders(context.Response.Headers);
            return next(context);
        });
        Page.Map(app);
        AdminApi.Map(app, parts);
        ReadApi.Map(app);
        LiveApi.Map(app);
        return app;
    }
}
