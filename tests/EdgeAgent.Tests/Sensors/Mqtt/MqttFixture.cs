using System.Net;
using EdgeAgent.Batching;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Mqtt;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>An MQTT source with real sockets, made as the host makes it; the test stands where batcher and spool are.</summary>
internal sealed class MqttFixture : IAsyncDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;
    private readonly string _cloud;
    private readonly IHostedService[] _sources;
    private readonly TemporaryFolder _folder;

    /// <param name="folder">For files that the entry names.</param>
    /// <param name="entry">The members of the one entry of section "mqtt".</param>
    /// <param name="others">Other sections, each with a comma before it.</param>
    public MqttFixture(TemporaryFolder folder, string entry, string others = "")
    {
        _folder = folder;
        _cloud = Read.Cloud(folder);
        AgentConfiguration configuration = Configuration(entry, others);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddAgentCore(configuration, TimeProvider.System)
            .AddSingleton(new SpoolOptions { Path = folder["spool"], MaximumBytes = 4 << 20, SegmentBytes = 256 << 10, FreeSpaceFloor = 0 })
            .AddSingleton<SpoolSlot>()
            .AddMqttSources()
            .BuildServiceProvider();
        _sources = [.. _services.GetServices<IHostedService>()];
    }

    public RecordingLog Log { get; } = new();

    public AgentMetrics Metrics => _services.GetRequiredService<AgentMetrics>();

    public SpoolSlot Slot => _services.GetRequiredService<SpoolSlot>();

    public BrokerState BrokerState => Broker?.State ?? BrokerState.Stopped;

    private MqttBrokerService? Broker => _services.GetRequiredService<EntryServices<MqttBrokerOptions, MqttBrokerService>>().All.SingleOrDefault();

    public bool IsIdle => !_services.GetRequiredService<ReadingChannel>().Reader.TryPeek(out _);

    public async Task<IPEndPoint> StartIntakeAsync()
    {
        await StartSourcesAsync();
        return await IntakeAsync();
    }

    /// <summary>Where the intake listens.</summary>
    public Task<IPEndPoint> IntakeAsync() =>
        _services.GetRequiredService<EntryServices<MqttIntakeOptions, MqttIntakeService>>().All.Single().Listening.WaitAsync(Enough);

    /// <summary>Another configuration comes into force, as the agent does it.</summary>
    public Task ApplyAsync(string entry, string others = "") =>
        _services.GetRequiredService<LiveConfiguration>().ApplyAsync(Configuration(entry, others), CancellationToken.None);

    public string SeriesOf(in Reading reading) => _services.GetRequiredService<SeriesCatalog>()[reading.Series].Definition.Name;

    public async Task StartBrokerAsync()
    {
        await StartAsync();
        await UntilAsync(BrokerState.Receiving);
    }

    /// <summary>A broker's source, which looks into the spool before it connects.</summary>
    public async Task StartAsync()
    {
        await Slot.StartAsync(CancellationToken.None);
        await StartSourcesAsync();
    }

    public Task UntilAsync(BrokerState state) =>
        Eventually.TrueAsync(() => BrokerState == state, Enough, () =>
            $"the source is {state}; it is {BrokerState}, its task {Broker?.ExecuteTask?.Status}: {string.Join('\n', Log.Lines)}");

    public Task StopAsync() => Task.WhenAll(_sources.Select(source => source.StopAsync(CancellationToken.None)));

    /// <summary>The next reading that came out of the source.</summary>
    public async Task<Reading> NextAsync()
    {
        using var expired = new CancellationTokenSource(Enough);
        return await _services.GetRequiredService<ReadingChannel>().Reader.ReadAsync(expired.Token);
    }

    /// <summary>The next reading, and the word that it is committed: the source need not wait for it when it stops.</summary>
    public async Task<double> TakeAsync()
    {
        Reading reading = await NextAsync();
        reading.Delivery.Committed();
        return reading.Number;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }

    private AgentConfiguration Configuration(string entry, string others) => Read.Sound(_folder, $$"""{ {{_cloud}}, "mqtt": [{ {{entry}} }]{{others}} }""");

    private Task StartSourcesAsync() => Task.WhenAll(_sources.Select(source => source.StartAsync(CancellationToken.None)));
}
