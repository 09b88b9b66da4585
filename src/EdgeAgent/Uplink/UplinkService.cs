using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>Runs the uploaders of all lanes over one connection, so that alarms and live data never wait behind a backlog.</summary>
internal sealed class UplinkService(
    SpoolSlot slot,
    UplinkConnection connection,
    SessionOpening opening,
    SendGate gate,
    BacklogWatch watch,
    UplinkOptions options,
    UplinkHealth health,
    Heartbeats hearts,
    TimeProvider time,
    AgentMetrics metrics,
    ILogger<UplinkService> logger) : BackgroundService
{
    private readonly CancellationTokenSource _finishing = new();

    public Uploader Alarm { get; } = new(
        SpoolLane.Alarm, slot, connection, opening, gate, options, health, Heart(hearts, SpoolLane.Alarm, options), time, Random.Shared, metrics, logger);

    public Uploader Live { get; } = new(
        SpoolLane.Live, slot, connection, opening, gate, options, health, Heart(hearts, SpoolLane.Live, options), time, Random.Shared, metrics, logger);

    public Uploader Backlog { get; } = new(
        SpoolLane.Backlog, slot, connection, opening, gate, options, health, Heart(hearts, SpoolLane.Backlog, options), time, Random.Shared, metrics, logger);

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var sent = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task watching = watch.RunAsync(sent.Token);
        await Task.WhenAll(
            Alarm.RunAsync(_finishing.Token, stoppingToken),
            Live.RunAsync(_finishing.Token, stoppingToken),
            Backlog.RunAsync(_finishing.Token, stoppingToken)).ConfigureAwait(false);
        await sent.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _finishing.Dispose();
        Alarm.Dispose();
        Live.Dispose();
        Backlog.Dispose();
        base.Dispose();
    }

    private static Heartbeat Heart(Heartbeats hearts, SpoolLane lane, UplinkOptions options) => hearts.Add($"the uploader of the {lane} lane", options.ProgressTimeout);
}
