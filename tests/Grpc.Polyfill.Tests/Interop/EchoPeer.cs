using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The echo service by grpcio, with TLS and client certificates, in a process of its own.</summary>
internal sealed class EchoPeer : IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private ForeignProcess? _process;
    private GrpcChannel? _channel;

    public static string Script => Path.Combine(AppContext.BaseDirectory, "Interop", "echo_peer.py");

    /// <summary>Starts the server and returns a stock generated client of it.</summary>
    public async Task<Echo.EchoClient> StartAsync(string device, Action<GrpcChannelOptions>? configure = null)
    {
        await File.WriteAllTextAsync(_folder["root.pem"], _authority.RootPem);
        (string certificate, string key) = TestAuthority.WritePem(_authority.IssueServer(), _folder.Path, "server");
        _process = ForeignProcess.Start(Programs.Python, Script, "server", _folder["root.pem"], certificate, key);
        int port = await PrintedPort.ReadAsync(_process);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.ClientCertificates = [_authority.IssueDevice(device)];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _authority.Root },
        };
        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true };
        configure?.Invoke(options);
        _channel = GrpcChannel.ForAddress($"https://localhost:{port}", options);
        return new Echo.EchoClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        _folder.Dispose();
        _authority.Dispose();
    }
}
