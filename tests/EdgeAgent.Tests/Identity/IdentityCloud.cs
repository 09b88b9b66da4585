using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Uplink;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Identity;

/// <summary>
/// The service as far as identity goes: Enroll and Renew by the contract, and uploads for devices whose certificate it knows. Certificates are asked for in TLS and not
/// required; who shows an expired one may renew it, and nothing else.
/// </summary>
internal sealed class IdentityCloud : IAsyncDisposable
{
    private readonly IssuingAuthority _devices = new();
    private readonly ConcurrentDictionary<string, byte> _known = new();
    private readonly ConcurrentDictionary<string, string> _usedTokens = new(); // with the key that they were used for
    private WebApplication? _app;

    public TestAuthority Authority { get; } = new();

    public ScriptedCloud Readings { get; } = new();

    public string Device { get; set; } = "pump-7";

    public string Token { get; set; } = "token-1";

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long ago the certificates that are issued began: more than their life, and they are expired.</summary>
    public TimeSpan Backdated { get; set; }

    public DateTimeOffset? RenewAfter { get; set; }

    public List<X509Certificate2> Roots { get; } = [];

    /// <summary>So many answers are lost after all was done.</summary>
    public int LostAnswers { get; set; }

    /// <summary>What Renew says instead of doing it.</summary>
    public Status? RenewRefusal { get; set; }

    /// <summary>Certificates that are issued from now on are not accepted.</summary>
    public bool ForgetsNew { get; set; }

    /// <summary>TLS ends for everybody whose certificate is not accepted, as behind a proxy that checks it.</summary>
    public bool EndsTls { get; set; }

    /// <summary>Changes what is answered.</summary>
    public Func<IssuedCertificate, byte[], IssuedCertificate> Alter { get; set; } = static (issued, _) => issued;

    public ConcurrentQueue<byte[]> Requests { get; } = new();

    public int Renewals { get; private set; }

    public int Port { get; private set; }

    public Uri Endpoint => new($"https://localhost:{Port}");

    public IssuingAuthority Devices => _devices;

    public void Forget(X509Certificate2 certificate) => _known.TryRemove(certificate.Thumbprint, out _);

    public async Task<IdentityCloud> StartAsync(Action<HttpsConnectionAdapterOptions>? tls = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(Readings);
        builder.Services.AddSingleton(new Service(this));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(Port == 0 ? Port = Loopback.FreePort() : Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            var https = new HttpsConnectionAdapterOptions
            {
                ServerCertificate = Authority.IssueServer(),
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (certificate, _, _) => !EndsTls || IsAccepted(certificate),
            };
            tls?.Invoke(https);
            listen.UseHttps(https);
        }));
        _app = builder.Build();
        _app.Use(GateAsync);
        _app.MapGrpcService<ScriptedCloud>();
        _app.MapGrpcService<Service>();
        await _app.StartAsync();
        return this;
    }

    public async Task StopAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }
        _devices.Dispose();
        Authority.Dispose();
    }

    private bool IsAccepted(X509Certificate2 certificate) => _known.ContainsKey(certificate.Thumbprint) && certificate.NotAfter.ToUniversalTime() > Time.GetUtcNow();

    private async Task GateAsync(HttpContext context, Func<Task> next)
    {
        if (context.Request.Path.StartsWithSegments("/edge.v1.Ingest") && context.Connection.ClientCertificate is var certificate && (certificate is null || !IsAccepted(certificate)))
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "16";
            context.Response.Headers["grpc-message"] = "The certificate is not known here.";
            return;
        }
        await next();
    }

    private IssuedCertificate Issue(byte[] request)
    {
        DateTimeOffset from = Time.GetUtcNow() - Backdated;
        X509Certificate2 certificate = _devices.Issue(request, Device, from, from + Lifetime);
        if (!ForgetsNew)
        {
            _known[certificate.Thumbprint] = 0;
        }
        var issued = new IssuedCertificate { RenewAfterUnixSeconds = RenewAfter?.ToUnixTimeSeconds() ?? 0 };
        issued.Chain.Add(ByteString.CopyFrom(certificate.RawData));
        issued.TrustedRoots.Add(Roots.Select(static root => ByteString.CopyFrom(root.RawData)));
        IssuedCertificate altered = Alter(issued, request);
        return LostAnswers-- > 0 ? throw new RpcException(new Status(StatusCode.Unavailable, "The answer was lost.")) : altered;
    }

    private sealed class Service(IdentityCloud cloud) : Protocol.V1.Identity.IdentityBase
    {
        public override Task<IssuedCertificate> Enroll(EnrollRequest request, ServerCallContext context)
        {
            byte[] asked = request.CertificateRequest.ToByteArray();
            cloud.Requests.Enqueue(asked);
            string key = Convert.ToBase64String(asked);
            return request.Token == cloud.Token && cloud._usedTokens.GetOrAdd(request.Token, key) == key
                ? Task.FromResult(cloud.Issue(asked))
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "The token is unknown or used."));
        }

        public override Task<IssuedCertificate> Renew(RenewRequest request, ServerCallContext context)
        {
            cloud.Renewals++;
            byte[] asked = request.CertificateRequest.ToByteArray();
            cloud.Requests.Enqueue(asked);
            return cloud.RenewRefusal is { } refusal ? throw new RpcException(refusal)
                : context.GetHttpContext().Connection.ClientCertificate is { } shown && cloud._known.ContainsKey(shown.Thumbprint) ? Task.FromResult(cloud.Issue(asked))
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "No certificate."));
        }
    }
}
