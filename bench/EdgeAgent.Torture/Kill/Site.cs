using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Kill;

/// <summary>All that takes part, in one temporary folder: certificates, settings, and the programs as they are shipped.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const string Device = "cabinet-7";

    private readonly TemporaryFolder _folder = new();

    public Site(TapLedger ledger, KillOptions options)
    {
        DevelopmentAuthority.Create(Certificates, [Device], []);
        // A broker that is started by root drops its rights elsewhere; here it keeps them, to write where the others do.
        BrokerPort = Loopback.FreePort();
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile($"{Certificates}/server.crt", $"{Certificates}/server.key");
        Tap = new BrokerTap(BrokerPort, X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null), ledger);
        int ingestPort = Loopback.FreePort(), webPort = Loopback.FreePort();
        IntakePort = Loopback.FreePort();
        File.WriteAllText(_folder["mosquitto.conf"], BrokerSettings());
        File.WriteAllText(_folder["agent.json"], AgentSettings(ingestPort, options));
        string mosquitto = InstalledFactAttribute.Find("mosquitto") ?? throw new InvalidOperationException("mosquitto is not installed.");
        Broker = new Supervised("broker", BrokerPort, mosquitto, "-c", _folder["mosquitto.conf"]);
        Service = new Supervised(
            "service", ingestPort, "dotnet", ShippedProgram.Ingestion, "serve", "--data", _folder["ingestion"],
            "--listen", $"127.0.0.1:{ingestPort}", "--web", $"127.0.0.1:{webPort}",
            "--certificate", $"{Certificates}/server.crt", "--key", $"{Certificates}/server.key", "--client-ca", $"{Certificates}/ca.crt");
        Agent = new Supervised("agent", IntakePort, "dotnet", ShippedProgram.Agent, "run", "--config", _folder["agent.json"]);
    }

    public BrokerTap Tap { get; }

    public Supervised Agent { get; }

    public Supervised Service { get; }

    public Supervised Broker { get; }

    public int BrokerPort { get; }

    public int IntakePort { get; }

    public string Authority => $"{Certificates}/ca.crt";

    public string DatabaseFile => Path.Combine(_folder["ingestion"], "readings.db");

    private string Certificates => _folder["certificates"];

    public async Task StartAsync()
    {
        Supervised[] all = [Broker, Service, Agent];
        foreach (Supervised program in all)
        {
            program.Start();
        }
        await Task.WhenAll(all.Select(program => program.ReadyAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Service.DisposeAsync();
        await Broker.DisposeAsync();
        await Tap.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The broker acknowledges before its database is on disk. These settings make the gap as small as it can be.</summary>
    private string BrokerSettings() => $"""
        user root
        listener {BrokerPort} 127.0.0.1
        cafile {Certificates}/ca.crt
        certfile {Certificates}/server.crt
        keyfile {Certificates}/server.key
        allow_anonymous true
        persistence true
        persistence_location {_folder.Path}/
        autosave_interval 1
        autosave_on_changes true
        max_queued_messages 0
        max_inflight_messages 0
        """;

    private string AgentSettings(int ingestPort, KillOptions options) => $$"""
        {
          "cloud": {
            "endpoint": "https://localhost:{{ingestPort}}", "ca": "{{Certificates}}/ca.crt",
            "certificate": "{{Certificates}}/device-{{Device}}.crt", "key": "{{Certificates}}/device-{{Device}}.key",
            "backoffFirst": "50ms", "backoffLast": "500ms", "connectTimeout": "2s", "receiptTimeout": "2s"{{(options.Durability == "always" ? "" : ReceiptsSoon)}}
          },
          "device": { "state": "{{_folder["state"]}}" },
          "spool": { "path": "{{_folder["spool"]}}", "durability": "{{options.Durability}}", "offlineWindow": "5s" },
          "mqtt": [
            {{(options.WithBroker ? Subscription() : "")}}
            {
              "listen": "mqtts://127.0.0.1:{{IntakePort}}", "certificate": "{{Certificates}}/server.crt", "key": "{{Certificates}}/server.key",
              "anonymous": true,
              "rules": [ {{TopicRules.Json}} ]
            }
          ]
        }
        """;

    /// <summary>A publisher waits for its receipt, and the programs do not live long.</summary>
    private const string ReceiptsSoon = ", \"sessionTime\": \"1s\"";

    private string Subscription() => $$"""
            {
              "broker": "mqtts://localhost:{{Tap.Port}}", "clientId": "{{Device}}", "ca": "{{Certificates}}/ca.crt",
              "backoffFirst": "20ms", "backoffLast": "200ms",
              "subscribe": [ {{TopicRules.Json}} ]
            },
        """;
}
