using System.Security.Authentication;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Web;
using EdgeAgent.Ingestion.Web.Access;
using EdgeAgent.Ingestion.Web.Admin;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>The server for people and programs: the page, the read API and the admin API; by default plain HTTP on loopback.</summary>
internal static class WebServer
{
    /// <summary>Of a request's body. Endpoints that take more say so.</summary>
    private const int MostBodyBytes = 64 * 1024;

    public static WebApplication Build(IngestionOptions options, IngestionParts parts, LiveFeed feed)
    {
        WebApplicationBuilder builder = HostBuilding.Create(parts.Loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Listen(options.Web, listen => Secure(listen, options.WebAccess));
        });
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PeopleJson.Default));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(IdentityJson.Default));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ConfigJson.Default));
        builder.Services.AddSingleton(parts.Queries);
        builder.Services.AddSingleton(parts.Health);
        builder.Services.AddSingleton(parts.Silence);
        builder.Services.AddSingleton(feed);
        AddPeople(builder.Services, options, parts);

        WebApplication app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = static failure => failure is StoreUnavailableException ? StatusCodes.Status503ServiceUnavailable
                : failure is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use((context, next) =>
        {
            Page.AddSecurityHeaders(context.Response.Headers);
            return next(context);
        });
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<WebGate>().InvokeAsync);
        Page.Map(app);
        SignInApi.Map(app, options.WebAccess);
        AdminApi.Map(app, parts);
        ReadApi.Map(app);
        LiveApi.Map(app);
        return app;
    }

    private static void AddPeople(IServiceCollection services, IngestionOptions options, IngestionParts parts)
    {
        WebAccessOptions access = options.WebAccess;
        var tokens = new ApiTokens(parts.Control, parts.Time);
        LocalToken.Ensure(options.Data, parts.Control, tokens);
        services.AddSingleton(access);
        services.AddSingleton(tokens);
        services.AddSingleton(new Accounts(parts.Control, parts.Time));
        services.AddSingleton(new WebSessions(parts.Control, access.SessionLifetime, parts.Time));
        services.AddSingleton(new AuditLog(parts.Control, access.AuditEntries, parts.Time));
        services.AddSingleton(new SignInLimit(parts.Time));
        services.AddSingleton<SignIn>();
        services.AddSingleton(new HostRule(options.Web, access));
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<AuditedRequests>();
        services.AddSingleton<WebGate>();
    }

    private static void Secure(ListenOptions listen, WebAccessOptions access)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (access.CertificateFile is not null)
        {
            ServerCertificate certificate = ServerCertificate.Load(access.CertificateFile, access.KeyFile!);
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate.Own;
                https.ServerCertificateChain = certificate.Intermediates;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            });
        }
    }
}
