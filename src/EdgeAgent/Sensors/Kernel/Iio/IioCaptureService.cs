using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>All captures, each on its own.</summary>
internal sealed class IioCaptureService(
    AgentConfiguration configuration, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock, TimeProvider time,
    ILogger<IioCapture> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IEnumerable<Task> captures = configuration.Kernel.Captures.Select(options =>
            new IioCapture(options, configuration.Device.Hardware, configuration.Device.Labels, catalog, channel, metrics, clock, time, logger).RunAsync(stoppingToken));
        try
        {
            await Task.WhenAll([.. captures]).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
