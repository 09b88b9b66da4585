using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Testing;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>The service on free loopback ports, over real TLS, with a certificate authority and clients to go with it.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly List<IDisposable> _owned = [];
    private IngestionHost _host = null!;

    public IngestionOptions Options { get; } = new()
    {
        Listen = new(System.Net.IPAddress.Loopback, 0),
        Web = new(System.Net.IPAddress.Loopback, 0),
        WebAccess = { Reading = WebReading.Open },
    };

    public string Folder => _folder.Path;

    public int IngestPort => _host.IngestPort;

    public Uri Web => new($"http://127.0.0.1:{_host.WebPort}/");

    /// <summary>Asks as the administrator of this machine.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Where a command finds the service, and the token to show.</summary>
    public string[] CommandOptions => ["--server", Web.ToString(), "--data", Options.Data];

    public static async Task<RunningService> StartAsync(
        Action<IngestionOptions>? configure = null, Func<IReadingStore, IReadingStore>? wrap = null)
    {
        var service = new RunningService();
        (service.Options.CertificateFile, service.Options.KeyFile) = TestAuthority.WritePem(
            service._authority.IssueServer(), service.Folder, "server");
        service.Options.ClientAuthorityFile = service._folder["ca.crt"];
        service.Options.Data = service._folder["data"];
        await File.WriteAllTextAsync(service.Options.ClientAuthorityFile, service._authority.RootPem);
        configure?.Invoke(service.Options);
        await service.LaunchAsync(wrap);
        return service;
    }

    /// <summary>Stops the service and starts it again over the same database.</summary>
    public async Task RestartAsync()
    {
        await _host.StopAsync();
        await LaunchAsync(null);
    }

    /// <summary>How what the administrator of this machine changes is signed.</summary>
    public static string Author => $"token:local@{Environment.MachineName}";

    /// <summary>Asks an instance as the administrator of its machine.</summary>
    public static HttpClient Administrator(int webPort, IngestionOptions options)
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", LocalToken.Read(LocalToken.PathIn(options.Data)));
        return http;
    }

    public GrpcChannel Channel(string device) => Channel(_authority.IssueDevice(device));

    public GrpcChannel Channel(X509Certificate2? certificate)
    {
        GrpcChannel channel = Connect(IngestPort, certificate, _authority.Root);
        _owned.Add(channel);
        return channel;
    }

    public Protocol.V1.Ingest.IngestClient Client(string device = "plant-1") => new(Channel(device));

    /// <summary>A device at another address than everybody else's, 127.0.0.1.</summary>
    public Protocol.V1.Ingest.IngestClient ClientFrom(IPAddress address, string device)
    {
        SocketsHttpHandler handler = Handler(device);
        handler.ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, IngestPort), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        };
        GrpcChannel channel = GrpcChannel.ForAddress(
            $"https://localhost:{IngestPort}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _owned.Add(channel);
        return new Protocol.V1.Ingest.IngestClient(channel);
    }

    public X509Certificate2 IssueDevice(string device) => _authority.IssueDevice(device);

    public X509Certificate2 IssueProxy(string name) => _authority.IssueClient("proxy", name);

    public X509Certificate2 IssueServerAsClient() => _authority.IssueServer();

    public static GrpcChannel Connect(int port, X509Certificate2? certificate, X509Certificate2 root) => GrpcChannel.ForAddress(
        $"https://localhost:{port}", new GrpcChannelOptions { HttpHandler = Handler(certificate, root), DisposeHttpClient = true });

    /// <summary>Somebody whom the service does not know, with cookies of its own.</summary>
    public HttpClient Stranger()
    {
        var stranger = new HttpClient { BaseAddress = Web };
        _owned.Add(stranger);
        return stranger;
    }

    /// <summary>For requests by hand.</summary>
    public SocketsHttpHandler Handler(string device) => Handler(_authority.IssueDevice(device), _authority.Root);

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
        Http.Dispose();
        await _host.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task LaunchAsync(Func<IReadingStore, IReadingStore>? wrap)
    {
        if (wrap is null)
        {
            _host = await IngestionHost.StartAsync(Options, CancellationToken.None);
        }
        else
        {
            var file = new SqliteFile(Options.Data);
            IReadingStore store = wrap(SqliteReadingStore.Open(file, TimeProvider.System));
            _host = await IngestionHost.StartAsync(
                Options, store, new SqliteControlDatabase(Options.Data, IngestionHost.Tables, TimeProvider.System), new SqlReadingQueries(file), NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
        }
        Http = Administrator(_host.WebPort, Options);
    }

    private static SocketsHttpHandler Handler(X509Certificate2? certificate, X509Certificate2 root)
    {
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
            ClientCertificates = certificate is null ? null : [certificate],
        };
        return new SocketsHttpHandler { SslOptions = tls, EnableMultipleHttp2Connections = true };
    }
}
