using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using EdgeAgent.Tests.RemoteConfig;
using EdgeAgent.Tests.RemoteSession;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Uplink;

/// <summary>Kestrel with TLS, client certificates of one authority, and a <see cref="ScriptedCloud"/> behind it.</summary>
internal sealed class CloudServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CloudServer(WebApplication app)
    {
        _app = app;
        Port = new Uri(app.Urls.Single()).Port;
    }

    public int Port { get; }

    /// <param name="cloud">What answers.</param>
    /// <param name="server">Who issues the server's certificate.</param>
    /// <param name="clients">Who issues the devices'.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="address">Null: 127.0.0.1.</param>
    /// <param name="tls">Changes what is usual.</param>
    /// <param name="config">Null: a service that has no configurations.</param>
    /// <param name="remote">What asks the device; nobody where it is null.</param>
    public static async Task<CloudServer> StartAsync(
        ScriptedCloud cloud, TestAuthority server, TestAuthority clients, int port = 0, IPAddress? address = null, Action<HttpsConnectionAdapterOptions>? tls = null,
        ScriptedConfig? config = null, AskingService? remote = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(cloud);
        if (config is not null)
        {
            builder.Services.AddSingleton(config);
        }
        if (remote is not null)
        {
            builder.Services.AddSingleton(remote);
        }
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address ?? IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            var https = new HttpsConnectionAdapterOptions
            {
                ServerCertificate = server.IssueServer(),
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (certificate, _, _) => IsIssuedBy(certificate, clients),
            };
            tls?.Invoke(https);
            listen.UseHttps(https);
        }));
        WebApplication app = builder.Build();
        app.MapGrpcService<ScriptedCloud>();
        if (config is not null)
        {
            app.MapGrpcService<ScriptedConfig>();
        }
        if (remote is not null)
        {
            app.MapGrpcService<AskingService>();
        }
        await app.StartAsync();
        return new CloudServer(app);
    }

    /// <summary>Goes away without waiting for anybody.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, TestAuthority authority)
    {
        using X509Certificate2 root = authority.Root;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
