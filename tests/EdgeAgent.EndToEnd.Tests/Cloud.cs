using System.Net;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Samples;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The ingestion service with its own CA, behind a relay that can be cut, in a temporary folder.</summary>
internal sealed class Cloud : IAsyncDisposable
{
    public const string Device = "cabinet-7";

    private readonly TemporaryFolder _folder = new();
    private IngestionHost? _host;
    private TcpRelay? _network;

    private Cloud() => DevelopmentAuthority.Create(Certificates, [Device, "cabinet-8"], []);

    /// <summary>Where agents and tests put what belongs to them.</summary>
    public TemporaryFolder Folder => _folder;

    public string Certificates => _folder["certificates"];

    /// <summary>The line between the devices and the service.</summary>
    public TcpRelay Network => _network!;

    public int WebPort => _host!.WebPort;

    /// <summary>Where a command finds the service, and the token to show.</summary>
    public string[] CommandOptions => ["--server", $"http://127.0.0.1:{WebPort}", "--data", _folder["ingestion"]];

    public string DatabaseFile => Path.Combine(_folder["ingestion"], "readings.db");

    public static async Task<Cloud> StartAsync()
    {
        var cloud = new Cloud();
        await cloud.StartServiceAsync(0);
        cloud._network = new TcpRelay(cloud._host!.IngestPort);
        return cloud;
    }

    /// <summary>Stops the service and starts it anew on the same data and port, as an update would.</summary>
    public async Task RestartServiceAsync()
    {
        int port = _host!.IngestPort;
        await _host.DisposeAsync();
        await StartServiceAsync(port);
    }

    public StoredReadings OpenDatabase() => new(DatabaseFile);

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
        _folder.Dispose();
    }

    private async Task StartServiceAsync(int port)
    {
        var options = new IngestionOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, port),
            Web = new IPEndPoint(IPAddress.Loopback, 0),
            WebAccess = { Reading = WebReading.Open },
            Data = _folder["ingestion"],
            CertificateFile = Path.Combine(Certificates, "server.crt"),
            KeyFile = Path.Combine(Certificates, "server.key"),
            ClientAuthorityFile = Path.Combine(Certificates, "ca.crt"),
        };
        _host = await IngestionHost.StartAsync(options, CancellationToken.None);
    }
}
