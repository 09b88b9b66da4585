using System.Globalization;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>Debian's tinyproxy, that lets one user pass, by CONNECT, to one port.</summary>
internal sealed class Tinyproxy : IAsyncDisposable
{
    public const string User = "edge", Password = "s3cret-41";

    private readonly TemporaryFolder _folder = new();
    private readonly ForeignProcess _process;

    private Tinyproxy(int port, int allowed)
    {
        Url = new Uri($"http://localhost:{port}");
        File.WriteAllText(_folder["tinyproxy.conf"], string.Create(CultureInfo.InvariantCulture, $"""
            Port {port}
            Listen 127.0.0.1
            Timeout 60
            LogLevel Connect
            MaxClients 20
            Allow 127.0.0.1
            BasicAuth {User} {Password}
            ConnectPort {allowed}

            """));
        _process = ForeignProcess.Start(InstalledFactAttribute.Find("tinyproxy")!, "-d", "-c", _folder["tinyproxy.conf"]);
    }

    public Uri Url { get; }

    public string Output => _process.Output;

    public static async Task<Tinyproxy> StartAsync(int allowed)
    {
        var proxy = new Tinyproxy(Loopback.FreePort(), allowed);
        await Loopback.WaitForPortAsync(proxy.Url.Port, TimeSpan.FromSeconds(20));
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
