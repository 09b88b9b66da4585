using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>Runs the uploaders of both lanes over one connection, so that alarms never wait behind a backlog.</summary>
internal sealed class UplinkService(
    SpoolSlot slot,
    UplinkConnection connection,
    SessionOpening opening,
    UplinkOptions options,
    UplinkHealth health,
    TimeProvider time,
    AgentMetrics metrics,
    ILogger<UplinkService> logger) : BackgroundService
{
    private readonly CancellationTokenSource _finishing = new();

    public Uploader Alarm { get; } = new(SpoolLane.Alarm, slot, connection, opening, options, health, time, Random.Shared, metrics, logger);

    public Uploader Live { get; } = new(SpoolLane.Live, slot, connection, opening, options, health, time, Random.Shared, metrics, logger);

    /// <summary>The batcher has stopped before: what it committed last is sent and its receipt awaited, as far as the host's time allows.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _finishing.CancelAsync().ConfigureAwait(false);
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken)).ConfigureAwait(false);
        }
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Alarm.RunAsync(_finishing.Token, stoppingToken), Live.RunAsync(_finishing.Token, stoppingToken));

    public override void Dispose()
    {
        _finishing.Dispose();
        Alarm.Dispose();
        Live.Dispose();
        base.Dispose();
    }
}
