using EdgeAgent.Batching;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Samples.Telemetry;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Spooling;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Samples;

/// <summary>All the parts, started in the order in which they need each other: service, agent, and a device that publishes.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int MaximumWaits = 200;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    private readonly IngestionHost _ingestion;
    private readonly AgentHost _agent;
    private readonly Mosquitto? _mosquitto;
    private readonly Task _publishing;
    private readonly CancellationTokenSource _stopPublishing = new();

    private Stage(IngestionHost ingestion, AgentHost agent, Mosquitto? mosquitto, ReplayPublisher publisher, int publishPort, string databaseFile)
    {
        _ingestion = ingestion;
        _agent = agent;
        _mosquitto = mosquitto;
        Publisher = publisher;
        DatabaseFile = databaseFile;
        _publishing = publisher.RunAsync(publishPort, _stopPublishing.Token);
    }

    public ReplayPublisher Publisher { get; }

    public string DatabaseFile { get; }

    public string PageAddress => $"http://127.0.0.1:{_ingestion.WebPort}/";

    /// <summary>Readings that the agent took from all its sources.</summary>
    public long Read => _agent.Metrics.ReadingsRead.Sum;

    /// <summary>Readings that are on the agent's flash or were.</summary>
    public long Committed => _agent.Metrics.ReadingsBatched.Value;

    /// <summary>Readings that the service has acknowledged.</summary>
    public long Sent => _agent.Metrics.ReadingsAcknowledged.Value;

    /// <summary>Bytes that passed the agent's sockets to the service, both ways, TLS included.</summary>
    public long WireBytes => _agent.Metrics.WireBytesSent.Value + _agent.Metrics.WireBytesReceived.Value;

    /// <summary>Bytes that wait on the agent's flash.</summary>
    public long BufferedBytes => Spool[SpoolLane.Live].BacklogBytes + Spool[SpoolLane.Alarm].BacklogBytes;

    private long ReadFromDevices => _agent.Metrics.ReadingsRead[ReadingSource.MqttBroker] + _agent.Metrics.ReadingsRead[ReadingSource.MqttIntake];

    private Spool Spool => _agent.Services.GetRequiredService<SpoolSlot>().Current.Spool;

    public static async Task<Stage> StartAsync(QuickstartOptions options, string folder, CancellationToken cancellationToken)
    {
        string certificates = Path.Combine(folder, "certificates");
        if (!Directory.Exists(certificates))
        {
            DevelopmentAuthority.Create(certificates, ["quickstart"], []);
        }
        var ingestionOptions = new IngestionOptions
        {
            Listen = new(System.Net.IPAddress.Loopback, 0),
            Web = new(System.Net.IPAddress.Loopback, 0),
            WebAccess = { Reading = WebReading.Open },
            Data = Path.Combine(folder, "ingestion"),
            CertificateFile = Path.Combine(certificates, "server.crt"),
            KeyFile = Path.Combine(certificates, "server.key"),
            ClientAuthorityFile = Path.Combine(certificates, "ca.crt"),
        };
        Mosquitto? mosquitto = options.Broker == BrokerKind.Mosquitto ? await Mosquitto.StartAsync(folder, cancellationToken) : null;
        IngestionHost ingestion = await IngestionHost.StartAsync(ingestionOptions, cancellationToken);

        string agentFile = AgentFile.Write(folder, certificates, ingestion.IngestPort, mosquitto?.Port);
        if (!AgentConfiguration.TryReadFile(agentFile, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors))
        {
            throw new QuickstartException(string.Join('\n', errors));
        }
        AgentHost agent = AgentHost.Create(configuration);
        await agent.StartAsync(cancellationToken);
        int publishPort = mosquitto is null ? (await agent.IntakesAsync())[0].Port : await SubscribedAsync(agent, mosquitto.Port);
        IReadOnlyList<OfficeRoomRow> rows = OfficeRoom.Load(Path.Combine(AppContext.BaseDirectory, "data", "office-room.csv"));
        return new Stage(
            ingestion, agent, mosquitto, new ReplayPublisher(rows, options.SpeedUp), publishPort, Path.Combine(ingestionOptions.Data, "readings.db"));
    }

    /// <summary>A broker acknowledges what nobody has subscribed to, and forgets it: a device must not publish before the agent is there.</summary>
    private static async Task<int> SubscribedAsync(AgentHost agent, int brokerPort)
    {
        MqttBrokerService source = agent.Brokers.Single();
        for (int waits = 0; source.State != BrokerState.Receiving; waits++)
        {
            if (waits == MaximumWaits)
            {
                throw new QuickstartException($"The agent could not subscribe to mosquitto on port {brokerPort}.");
            }
            await Task.Delay(Wait);
        }
        return brokerPort;
    }

    /// <summary>Stops the flow source first, so that everything that is under way arrives.</summary>
    public async Task DrainAsync()
    {
        await _stopPublishing.CancelAsync();
        await _publishing;
        // A broker acknowledges before it passes a message on, so the last ones may still be with it.
        for (int waits = 0; ReadFromDevices < Publisher.Published && waits < MaximumWaits; waits++)
        {
            await Task.Delay(Wait);
        }
        await _agent.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _ingestion.DisposeAsync();
        if (_mosquitto is not null)
        {
            await _mosquitto.DisposeAsync();
        }
        _stopPublishing.Dispose();
    }
}
