using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>Runs the uploaders of both lanes over one connection, so that alarms never wait behind a backlog.</summary>
internal sealed class UplinkService(
    SpoolSlot slot,
    UplinkConnection connection,
    SessionOpening opening,
    UplinkOptions options,
    TimeProvider time,
    AgentMetrics metrics,
    ILogger<UplinkService> logger) : BackgroundService
{
    public Uploader Alarm { get; } = new(SpoolLane.Alarm, slot, connection, opening, options, time, Random.Shared, metrics, logger);

    public Uploader Live { get; } = new(SpoolLane.Live, slot, connection, opening, options, time, Random.Shared, metrics, logger);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Alarm.RunAsync(stoppingToken), Live.RunAsync(stoppingToken));

    public override void Dispose()
    {
        Alarm.Dispose();
        Live.Dispose();
        base.Dispose();
    }
}
