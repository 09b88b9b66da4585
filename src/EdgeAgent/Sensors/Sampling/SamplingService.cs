using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>All sensors of all sources, each polled on its own, so that none waits for another's interval or backoff.</summary>
internal sealed class SamplingService(
    IEnumerable<ISensorSource> sources, AgentConfiguration configuration, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock,
    TimeProvider time, ILogger<SensorPoller> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pollers =
            from source in sources
            from plan in source.Sensors
            select new SensorPoller(plan, source.Kind, configuration.Device.Labels, catalog, channel, metrics, clock, time, logger).RunAsync(stoppingToken);
        try
        {
            await Task.WhenAll(pollers.ToArray()).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
