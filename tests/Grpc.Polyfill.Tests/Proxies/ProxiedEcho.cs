using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;

namespace Grpc.Polyfill.Tests.Proxies;

/// <summary>The echo service behind a proxy that ends TLS on both of its sides, and a client that knows only the proxy.</summary>
internal sealed class ProxiedEcho : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ForeignProcess _proxy;
    private readonly GrpcChannel _channel;

    private ProxiedEcho(EchoServer server, TemporaryFolder folder, ForeignProcess proxy, int port)
    {
        Server = server;
        _folder = folder;
        _proxy = proxy;
        SocketsHttpHandler handler = server.Handler();
        handler.AllowAutoRedirect = false;
        _channel = GrpcChannel.ForAddress(
            $"https://localhost:{port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Client = new Echo.EchoClient(_channel);
    }

    public EchoServer Server { get; }

    public Echo.EchoClient Client { get; }

    public Core.CallInvoker Invoker => _channel.CreateCallInvoker();

    /// <param name="program">The proxy.</param>
    /// <param name="configuration">
    /// Its configuration, with @folder, @port, @upstream and @nobody to be filled in. The folder holds server.crt, server.key, both in
    /// server.pem, and root.pem.
    /// </param>
    /// <param name="arguments">What it is started with; @folder as above.</param>
    public static async Task<ProxiedEcho> StartAsync(string program, string configuration, params string[] arguments)
    {
        EchoServer server = await EchoServer.StartAsync(
            map: app => app.MapPost("/raw/slow", http => Task.Delay(Timeout.Infinite, http.RequestAborted)));
        var folder = new TemporaryFolder();
        int port = Loopback.FreePort();
        using X509Certificate2 certificate = server.Authority.IssueServer();
        (string crt, string key) = TestAuthority.WritePem(certificate, folder.Path, "server");
        await File.WriteAllTextAsync(folder["server.pem"], await File.ReadAllTextAsync(crt) + '\n' + await File.ReadAllTextAsync(key));
        await File.WriteAllTextAsync(folder["root.pem"], server.Authority.RootPem);
        await File.WriteAllTextAsync(folder["proxy.conf"], FillIn(configuration) + '\n');
        ForeignProcess proxy = ForeignProcess.Start(InstalledFactAttribute.Find(program)!, [.. arguments.Select(FillIn)]);
        try
        {
            await Loopback.WaitForPortAsync(port, TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"{program} did not start:\n{proxy.Output}", late);
        }
        return new ProxiedEcho(server, folder, proxy, port);

        string FillIn(string text) => text
            .Replace("@folder", folder.Path, StringComparison.Ordinal)
            .Replace("@port", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@upstream", server.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@nobody", Loopback.FreePort().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>The proxy is gone from one moment to the next.</summary>
    public void KillProxy() => _proxy.Kill();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _proxy.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
