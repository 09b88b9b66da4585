using System.Net;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>An intake with real sockets, made as the host makes it; the test stands where batcher and spool are.</summary>
internal sealed class IntakeFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MqttIntakeService _service;

    public IntakeFixture(TemporaryFolder folder, string intake)
    {
        AgentConfiguration configuration = Read.Sound(folder, $$"""{ {{Read.Cloud(folder)}}, "mqtt": [{ {{intake}} }] }""");
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddAgentCore(configuration, TimeProvider.System)
            .AddMqttSources(configuration)
            .BuildServiceProvider();
        _service = _services.GetServices<IHostedService>().OfType<MqttIntakeService>().Single();
    }

    public RecordingLog Log { get; } = new();

    public AgentMetrics Metrics => _services.GetRequiredService<AgentMetrics>();

    public SeriesCatalog Catalog => _services.GetRequiredService<SeriesCatalog>();

    public async Task<IPEndPoint> StartAsync()
    {
        await _service.StartAsync(CancellationToken.None);
        return await _service.Listening.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public Task StopAsync() => _service.StopAsync(CancellationToken.None);

    /// <summary>The next reading that came out of the sources.</summary>
    public async Task<Reading> NextAsync()
    {
        using var expired = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _services.GetRequiredService<ReadingChannel>().Reader.ReadAsync(expired.Token);
    }

    public bool IsIdle => !_services.GetRequiredService<ReadingChannel>().Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }
}
