using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Network;

/// <summary>Agent and service as processes, the proxy between them, somebody else with the service's certificate, and a folder for all of it.</summary>
internal sealed class NetworkSite : IAsyncDisposable
{
    private const string Device = "cabinet-7";

    private readonly TemporaryFolder _folder = new();

    private NetworkSite(NetworkOptions options, Random random)
    {
        DevelopmentAuthority.Create(Certificates, [Device], []);
        ServicePort = Loopback.FreePort();
        IntakePort = Loopback.FreePort();
        Proxy = new FaultProxy(ServicePort, random);
        File.WriteAllText(_folder["ingestion.json"], ServiceSettings(options));
        File.WriteAllText(_folder["agent.json"], AgentSettings(options));
        Service = new Supervised(
            "service", ServicePort, "dotnet", ShippedProgram.Ingestion, "serve", "--config", _folder["ingestion.json"]);
        Agent = new Supervised("agent", IntakePort, "dotnet", ShippedProgram.Agent, "run", "--config", _folder["agent.json"]);
    }

    public FaultProxy Proxy { get; }

    public AnsweringServer Impostor { get; private set; } = null!; // set before anybody gets the site

    public Supervised Agent { get; }

    public Supervised Service { get; }

    public int ServicePort { get; }

    public int IntakePort { get; }

    public string Authority => $"{Certificates}/ca.crt";

    public string DatabaseFile => Path.Combine(_folder["ingestion"], "readings.db");

    private string Certificates => _folder["certificates"];

    public static async Task<NetworkSite> StartAsync(NetworkOptions options, Random random)
    {
        var site = new NetworkSite(options, random);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile($"{site.Certificates}/server.crt", $"{site.Certificates}/server.key");
        site.Impostor = await AnsweringServer.StartAsync(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null));
        site.Service.Start();
        site.Agent.Start();
        await Task.WhenAll(site.Service.ReadyAsync(), site.Agent.ReadyAsync());
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Service.DisposeAsync();
        await Impostor.DisposeAsync();
        await Proxy.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Sessions of a connection that vanished end sooner than by default, because connections vanish every few seconds here and a device may have
    /// sixteen sessions only.
    /// </summary>
    private string ServiceSettings(NetworkOptions options) => $$"""
        {
          "listen": "127.0.0.1:{{ServicePort}}", "web": "127.0.0.1:0", "data": "{{_folder["ingestion"]}}",
          "certificateFile": "{{Certificates}}/server.crt", "keyFile": "{{Certificates}}/server.key", "clientAuthorityFile": "{{Certificates}}/ca.crt",
          "ingest": { {{(options.HasDefaults ? "" : """ "idleTimeout": "5s", "predecessorWait": "2s" """)}} }
        }
        """;

    /// <summary>Everything that waits, waits for seconds instead of minutes; sessions are short, so that receipts are many.</summary>
    private string AgentSettings(NetworkOptions options) => $$"""
        {
          "cloud": {
            "endpoint": "https://localhost:{{Proxy.Port}}", "ca": "{{Certificates}}/ca.crt",
            "certificate": "{{Certificates}}/device-{{Device}}.crt", "key": "{{Certificates}}/device-{{Device}}.key"
            {{(options.HasDefaults ? "" : """ , "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "2s", "receiptTimeout": "2s", "sessionTime": "1s" """)}}
          },
          "device": { "state": "{{_folder["state"]}}" },
          "spool": { "path": "{{_folder["spool"]}}" },
          "mqtt": [
            {
              "listen": "mqtts://127.0.0.1:{{IntakePort}}", "certificate": "{{Certificates}}/server.crt", "key": "{{Certificates}}/server.key",
              "anonymous": true,
              "rules": [ {{TopicRules.Json}} ]
            }
          ]
        }
        """;
}
