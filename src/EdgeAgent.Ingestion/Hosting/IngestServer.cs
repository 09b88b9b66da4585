using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Diagnostics;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Identity.Enrolment;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Requests;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>The server that devices connect to: TLS, client certificates, HTTP/2, gRPC, nothing else.</summary>
internal static class IngestServer
{
    // Twice what a record may have, so that one that is a little too large is refused by name and set aside, and not retried
    // for ever; beyond, memory matters more.
    private const int MessageMargin = 2;

    /// <summary>
    /// Connections for each session that may be open. Most devices of a fleet are between two sessions. What comes beyond is closed before
    /// its handshake and tries again later.
    /// </summary>
    private const int ConnectionsPerSession = 8;

    /// <summary>As long as the agent waits for it: two flights of certificates take some 8 s on the slowest line in use.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(20);

    /// <summary>A slow mobile link answers within 5 s.</summary>
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    public static WebApplication Build(IngestionOptions options, IngestionParts parts)
    {
        WebApplicationBuilder builder = HostBuilding.Create(parts.Loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = options.Ingest.MaximumSessionsPerDevice + 8;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentConnections = (long)ConnectionsPerSession * options.Ingest.MaximumSessions;
            // MinRequestBodyDataRate stays at 240 bytes/s after 5 s: it ends unary calls that dribble. Streams of requests may be as
            // slow as their line, since gRPC lifts the rate from them and UploadReader bounds what a session may take.
            // Kestrel pings idle connections and those with sessions alike, so it does it rarely. One that answers stays for as long as the device
            // wants it; KeepAliveTimeout, which every answer starts anew, only has to be longer.
            kestrel.Limits.Http2.KeepAlivePingDelay = options.Ingest.PingAfter;
            kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;
            kestrel.Limits.KeepAliveTimeout = options.Ingest.PingAfter + (2 * PingTimeout);
            kestrel.Listen(options.Listen, listen =>
            {
                new AddressLimit(options.Ingest.MaximumConnectionsPerAddress, parts.Time, parts.Loggers.CreateLogger<AddressLimit>()).Use(listen);
                FirstCall.Use(listen, options.Ingest.FirstCallWithin, parts.Time);
                Secure(listen, parts.Identity);
            });
        });
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.Ingest.MaximumMessageBytes * MessageMargin;
            grpc.Interceptors.Add<CallGuard>();
        });
        builder.Services.AddSingleton(options.Ingest);
        builder.Services.AddSingleton(parts.Identity.Gate);
        builder.Services.AddSingleton(parts.Identity.Callers);
        builder.Services.AddSingleton(parts.Identity.Enrolments);
        builder.Services.AddSingleton(parts.Identity.Renewals);
        builder.Services.AddSingleton(parts.Identity.Failures);
        builder.Services.AddSingleton<CallGuard>();
        builder.Services.AddSingleton<IdentityService>();
        builder.Services.AddSingleton(parts.Control);
        builder.Services.AddSingleton(parts.Store);
        builder.Services.AddSingleton(parts.Queue);
        builder.Services.AddSingleton(parts.Health);
        builder.Services.AddSingleton(parts.Metrics);
        builder.Services.AddSingleton(parts.Time);
        builder.Services.AddSingleton<SessionAdmission>();
        builder.Services.AddSingleton<IngestService>();
        builder.Services.AddSingleton(parts.Configs);
        builder.Services.AddSingleton<ConfigService>();
        builder.Services.AddSingleton(parts.Requests);
        builder.Services.AddSingleton<RemoteService>();
        builder.Services.AddSingleton<HealthService>();
        builder.Services.AddSingleton(new FileDescriptors(ServedServices));
        builder.Services.AddSingleton<ReflectionService>();
        builder.Services.AddSingleton<ReflectionAlphaService>();

        WebApplication app = builder.Build();
        app.MapGrpcService<IngestService>();
        app.MapGrpcService<IdentityService>();
        app.MapGrpcService<ConfigService>();
        app.MapGrpcService<RemoteService>();
        app.MapGrpcService<HealthService>();
        app.MapGrpcService<ReflectionService>();
        app.MapGrpcService<ReflectionAlphaService>();
        return app;
    }

    private static ServiceDescriptor[] ServedServices =>
    [
        Protocol.V1.Ingest.Descriptor,
        Protocol.V1.Identity.Descriptor,
        Protocol.V1.Remote.Descriptor,
        Grpc.Health.V1.Health.Descriptor,
        Grpc.Reflection.V1.ServerReflection.Descriptor,
        Grpc.Reflection.V1Alpha.ServerReflection.Descriptor,
        Protocol.V1.Config.Descriptor,
    ];

    private static void Secure(ListenOptions listen, IdentityParts identity)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => connection => identity.Handshakes.EnterAsync(connection, next));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = identity.Server.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                // Asked for, but who has none yet may enrol, or show a token; CallGuard keeps them from all else. A foreign certificate ends the handshake.
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, client, chain, _) =>
                    client is null || (client is X509Certificate2 certificate && identity.Clients.Judge(certificate, chain) != CertificateTrust.Foreign),
            }),
        });
    }
}
