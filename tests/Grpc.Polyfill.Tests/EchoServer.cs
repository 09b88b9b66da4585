using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Polyfill.Tests;

/// <summary>Kestrel on a free loopback port with the echo service, TLS by a CA in memory, and a channel to it.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<GrpcChannel> _channels = [];

    private readonly bool _ownsAuthority;

    private EchoServer(WebApplication app, TestAuthority authority, bool ownsAuthority, EchoBehaviour behaviour)
    {
        _app = app;
        _ownsAuthority = ownsAuthority;
        Authority = authority;
        Behaviour = behaviour;
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new UriBuilder(address) { Host = "localhost" }.Uri;
        Client = new Echo.EchoClient(Channel());
    }

    public TestAuthority Authority { get; }

    public EchoBehaviour Behaviour { get; }

    public Uri Address { get; }

    public Echo.EchoClient Client { get; }

    /// <param name="options">Of all services.</param>
    /// <param name="services">More services.</param>
    /// <param name="map">More endpoints.</param>
    /// <param name="limits">Kestrel's limits.</param>
    /// <param name="tls">How connections are secured.</param>
    /// <param name="predecessor">A server that has stopped, whose port and authority this one takes over.</param>
    public static async Task<EchoServer> StartAsync(
        Action<GrpcServiceOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        Action<KestrelServerLimits>? limits = null,
        Action<HttpsConnectionAdapterOptions>? tls = null,
        EchoServer? predecessor = null)
    {
        TestAuthority authority = predecessor?.Authority ?? new TestAuthority();
        var behaviour = new EchoBehaviour();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            limits?.Invoke(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, predecessor?.Address.Port ?? 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                var https = new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = authority.IssueServer(),
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (certificate, _, _) => IsFrom(authority, certificate),
                };
                tls?.Invoke(https);
                listen.UseHttps(https);
            });
        });
        builder.Services.AddSingleton(behaviour);
        builder.Services.AddGrpc(options ?? (_ => { }));
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapGrpcService<EchoService>();
        map?.Invoke(app);
        await app.StartAsync();
        return new EchoServer(app, authority, ownsAuthority: predecessor is null, behaviour);
    }

    /// <summary>A handler that trusts the server's CA, and shows a client certificate if there is one.</summary>
    public SocketsHttpHandler Handler(X509Certificate2? clientCertificate = null)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.RemoteCertificateValidationCallback = IsTrusted;
        if (clientCertificate is not null)
        {
            handler.SslOptions.ClientCertificates = [clientCertificate];
        }
        return handler;
    }

    public GrpcChannel Channel(Action<GrpcChannelOptions>? configure = null, X509Certificate2? clientCertificate = null)
    {
        var options = new GrpcChannelOptions { HttpHandler = Handler(clientCertificate), DisposeHttpClient = true };
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress(Address, options);
        _channels.Add(channel);
        return channel;
    }

    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && certificate is X509Certificate2 leaf && IsFrom(Authority, leaf);

    /// <summary>Waits for calls in flight until the token is cancelled, then ends them.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in _channels)
        {
            channel.Dispose();
        }
        await _app.DisposeAsync();
        if (_ownsAuthority)
        {
            Authority.Dispose();
        }
    }

    private static bool IsFrom(TestAuthority authority, X509Certificate2 certificate)
    {
        using X509Certificate2 root = authority.Root;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
